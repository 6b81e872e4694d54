import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { renderApp } from "./render";
import { code, me, serve, summary } from "./server";

class Feed {
  static all: Feed[] = [];
  onopen?: () => void;
  readonly listeners = new Map<string, () => void>();
  constructor(readonly address: string) {
    Feed.all.push(this);
  }
  addEventListener(name: string, listener: () => void) {
    this.listeners.set(name, listener);
  }
  close() {}
}

const page = (data: object[], next: string | null = null) => ({
  json: { data, next_cursor: next, has_more: next !== null },
});
const counts = {
  "GET /api/v1/me": () => ({ json: me }),
  "GET /api/v1/analytics/summary": () => ({ json: summary() }),
  "GET /api/v1/analytics/series": () => ({ json: { data: [] } }),
  "GET /api/v1/qr-codes/count": () => ({ json: { total: 1, groups: { active: 1 } } }),
  "GET /api/v1/analytics/breakdown": () => ({
    json: { data: [{ value: "qr_1", hits: 7 }], other: 0, unknown: 0, total: 7, values: 1 },
  }),
};

beforeEach(() => {
  Feed.all = [];
  vi.stubGlobal("EventSource", Feed);
});
afterEach(() => vi.restoreAllMocks());

describe("the list of codes", () => {
  it("shows counts, says what cannot be counted, and loads more on demand", async () => {
    const fixed = code({
      id: "qr_2",
      name: "Pay at the counter",
      kind: "fixed",
      link: null,
      content: { type: "upi", vpa: "sharma@bank" },
    });
    serve({
      ...counts,
      "GET /api/v1/qr-codes": ({ query }) =>
        query.get("cursor") === "c2"
          ? page([code({ id: "qr_3", name: "Third" })])
          : page([code(), fixed], "c2"),
    });
    renderApp("/app/codes");
    expect(await screen.findByRole("link", { name: "Menu on the tables" })).toHaveAttribute(
      "href",
      "/app/codes/qr_1",
    );
    expect(await screen.findByText("7", { selector: "b" })).toBeVisible();
    expect(screen.getByText("not counted")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Show more" }));
    expect(await screen.findByRole("link", { name: "Third" })).toBeVisible();
  });

  it("is searched with / from anywhere; what is chosen lies in the address", async () => {
    const calls = serve({
      ...counts,
      "GET /api/v1/qr-codes": ({ query }) => page(query.get("q") ? [] : [code()]),
    });
    const router = renderApp("/app/codes");
    await screen.findByRole("link", { name: "Menu on the tables" });
    await userEvent.keyboard("/");
    expect(screen.getByLabelText("Find a code")).toHaveFocus();
    await userEvent.keyboard("divali");
    expect(await screen.findByText("No code called “divali”")).toBeVisible();
    expect(router.state.location.search).toEqual({ q: "divali" });
    expect(calls.at(-1)?.query.get("q")).toBe("divali");
    await userEvent.click(screen.getByRole("button", { name: "Show all codes" }));
    expect(await screen.findByRole("link", { name: "Menu on the tables" })).toBeVisible();
    expect(screen.getByLabelText("Find a code")).toHaveValue("");
  });

  it("offers the first code when there is none", async () => {
    serve({ ...counts, "GET /api/v1/qr-codes": () => page([]) });
    renderApp("/app/codes");
    expect(await screen.findByText("Your first code takes half a minute")).toBeVisible();
  });
});

describe("one code", () => {
  it("is paused at once, and live again with Undo", async () => {
    let state = code();
    serve({
      ...counts,
      "GET /api/v1/qr-codes/qr_1": () => ({ json: state }),
      "POST /api/v1/qr-codes/qr_1/pause": () => ({ json: (state = code({ status: "paused" })) }),
      "POST /api/v1/qr-codes/qr_1/resume": () => ({ json: (state = code()) }),
    });
    renderApp("/app/codes/qr_1");
    await userEvent.click(await screen.findByRole("button", { name: "Pause" }));
    expect(await screen.findByText("Paused")).toBeVisible();
    await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
    expect(await screen.findByRole("button", { name: "Pause" })).toBeVisible();
  });

  it("stays as it was when the server says no", async () => {
    serve({
      ...counts,
      "GET /api/v1/qr-codes/qr_1": () => ({ json: code() }),
      "POST /api/v1/qr-codes/qr_1/pause": () => ({ status: 503, json: { code: "unavailable" } }),
    });
    renderApp("/app/codes/qr_1");
    await userEvent.click(await screen.findByRole("button", { name: "Pause" }));
    expect(await screen.findByText("That did not work. Nothing was changed.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Pause" })).toBeVisible();
  });

  it("leads elsewhere after a change, and back with Undo", async () => {
    const places: unknown[] = [];
    serve({
      ...counts,
      "GET /api/v1/qr-codes/qr_1": () => ({ json: code() }),
      "PATCH /api/v1/qr-codes/qr_1": ({ body }) => {
        places.push((body as { content: { url: string } }).content.url);
        return { json: code() };
      },
    });
    renderApp("/app/codes/qr_1");
    await userEvent.click(await screen.findByRole("button", { name: "Change" }));
    await userEvent.type(await screen.findByLabelText("New web address"), "sharmasweets.example/diwali");
    await userEvent.click(screen.getByRole("button", { name: "Lead there" }));
    await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() =>
      expect(places).toEqual(["sharmasweets.example/diwali", "https://sharmasweets.example/november"]),
    );
  });

  it("does not fetch everything a second time when the feed begins, nor days that are over", async () => {
    const calls = serve({
      ...counts,
      "GET /api/v1/qr-codes": () => page([code()]),
    });
    renderApp("/app");
    await waitFor(() => expect(calls.filter(({ path }) => path.endsWith("/series"))).toHaveLength(3));
    const before = calls.length;
    const asked = () => calls.slice(before).filter(({ path }) => path.startsWith("/api/v1/analytics/"));
    Feed.all.at(-1)?.onopen?.();
    await new Promise((later) => setTimeout(later, 500));
    expect(asked()).toHaveLength(0);
    Feed.all.at(-1)?.listeners.get("hit")?.();
    await waitFor(() => expect(asked().length).toBeGreaterThan(2));
    for (const { query } of asked()) {
      expect(new Date(query.get("to") ?? 0).getTime()).toBeGreaterThan(Date.now());
    }
  });

  it("counts live: a hit refreshes what is on screen", async () => {
    let hits = 0;
    serve({
      ...counts,
      "GET /api/v1/qr-codes/qr_1": () => ({ json: code() }),
      "GET /api/v1/analytics/summary": () => ({ json: summary({ hits, visitors: hits }) }),
    });
    renderApp("/app/codes/qr_1");
    expect(await screen.findByText("Waiting for the first scan")).toBeVisible();
    hits = 2;
    Feed.all.at(-1)?.listeners.get("hit")?.();
    expect(await screen.findByText("Too few scans to see a pattern")).toBeVisible();
    expect(screen.getAllByText("2", { selector: "dd" })).toHaveLength(3);
    expect(Feed.all.at(-1)?.address).toContain("qr_code_id=qr_1");
  });

  it("says of a fixed code that it cannot be counted, and shows no counts", async () => {
    const fixed = code({ kind: "fixed", link: null, content: { type: "wifi", ssid: "Sharma Guest" } });
    serve({ ...counts, "GET /api/v1/qr-codes/qr_1": () => ({ json: fixed }) });
    renderApp("/app/codes/qr_1");
    expect(await screen.findByText(/nobody can count its scans/)).toBeVisible();
    expect(screen.queryByText("Not counted: nothing")).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Pause" })).not.toBeInTheDocument();
  });

  it.each([404, 422])("that is not there is said so (%s)", async (status) => {
    serve({ ...counts, "GET /api/v1/qr-codes/qr_1": () => ({ status, json: { code: "not_so" } }) });
    const router = renderApp("/app/codes/qr_1");
    expect(await screen.findByText("There is no such code")).toBeVisible();
    await router.navigate({ to: "/app/codes/$codeId/edit", params: { codeId: "qr_1" } });
    expect(await screen.findByText("There is no such code")).toBeVisible();
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Not found");
  });
});
