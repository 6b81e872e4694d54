import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import { renderApp } from "./render";
import { code, looks, me, serve, tooLong } from "./server";

const kit = {
  id: "kit_1",
  name: "House style",
  colors: ["#0b5a5f"],
  design: { modules: { shape: "dots", fill: { color: "#0b5a5f" } }, frame: null, quiet_zone: 4 },
  locked: ["modules", "quiet_zone"],
  least_contrast: null,
  is_default: true,
  version: 3,
  created_at: "2026-11-01T00:00:00Z",
  updated_at: "2026-11-01T00:00:00Z",
};
const many = (...data: object[]) => ({ json: { data, next_cursor: null, has_more: false } });
const verdict = { grade: "A", score: 100, advice: [], measures: {}, payload: "HTTPS://EXAMPLE.COM/A" };
const as = (role: string) => ({ ...me, workspaces: me.workspaces.map((each) => ({ ...each, role })) });
const studio = {
  ...looks,
  "GET /api/v1/brand-kits": () => many(kit),
  "POST /api/v1/qr-codes/preview": () => ({ text: '<svg viewBox="0 0 29 29"></svg>' }),
  "POST /api/v1/qr-codes/check": () => ({ json: verdict }),
};

beforeEach(() => sessionStorage.clear());

async function inLook(role: string) {
  const user = userEvent.setup();
  const calls = serve({ ...studio, "GET /api/v1/me": () => ({ json: as(role) }) });
  renderApp("/app/new");
  await user.type(await screen.findByLabelText("Where it leads"), "example.com");
  for (const next of screen.getAllByRole("button", { name: "Next: look" }).slice(0, 1))
    await user.click(next);
  await screen.findByRole("radio", { name: "House style" });
  return { user, calls };
}

describe("a new code", () => {
  it("begins with the look of the brand", async () => {
    const { calls } = await inLook("owner");
    expect(screen.getByRole("radio", { name: "House style" })).toBeChecked();
    expect(screen.getByRole("radio", { name: "Dots" })).toBeChecked();
    await waitFor(() =>
      expect(calls.filter(({ path }) => path.endsWith("/check")).at(-1)?.body).toMatchObject({
        design: { modules: { shape: "dots" } },
      }),
    );
  });

  it("shows what the brand keeps, and why, to those who may not change it", async () => {
    await inLook("editor");
    const kept = screen.getByRole("group", { name: "Dots: shape and colour" });
    expect(kept).toHaveTextContent("Stays as your brand “House style” has it.");
    expect(screen.queryByRole("radio", { name: "Dots" })).toBeNull();
    expect(screen.getByRole("group", { name: "White edge" })).toBeInTheDocument();
    expect(screen.getByRole("group", { name: "Frame and words" })).not.toHaveTextContent("Stays as");
  });
});

describe("too much for one code", () => {
  const words = "This is 1,147 characters too long for a code. Shorten it.";
  const full = {
    ...studio,
    "GET /api/v1/me": () => ({ json: me }),
    "POST /api/v1/qr-codes/preview": tooLong,
  };

  it("is told in the form of a new code, which stays there", async () => {
    serve(full);
    renderApp("/app/new");
    await userEvent.click(await screen.findByLabelText("Where it leads"));
    await userEvent.paste("a".repeat(4100));
    expect(await screen.findByRole("alert")).toHaveTextContent(words);
    await userEvent.click(screen.getAllByRole("button", { name: "Next: look" })[0] as HTMLElement);
    expect(screen.getByRole("alert")).toHaveTextContent(words);
    expect(screen.getByLabelText("Where it leads")).toHaveFocus();
  });

  it("is told where a code is changed", async () => {
    const fixed = code({ kind: "fixed", link: null, content: { type: "text", text: "a".repeat(4100) } });
    serve({ ...full, "GET /api/v1/qr-codes/qr_1": () => ({ json: fixed }) });
    renderApp("/app/codes/qr_1/edit");
    expect(await screen.findByRole("alert")).toHaveTextContent(words);
  });
});

describe("brand and looks", () => {
  it("changes a brand of the version that one saw", async () => {
    const user = userEvent.setup();
    const calls = serve({
      ...studio,
      "GET /api/v1/me": () => ({ json: me }),
      "PATCH /api/v1/brand-kits/kit_1": () => ({ json: kit }),
    });
    renderApp("/app/looks");
    await user.click(await screen.findByRole("button", { name: "What to do with House style" }));
    await user.click(await screen.findByRole("button", { name: "Change the brand" }));
    const sheet = await screen.findByRole("dialog", { name: "House style" });
    const name = await within(sheet).findByLabelText("Name of the brand");
    await user.clear(name);
    await user.type(name, "Festival");
    await user.click(within(sheet).getByRole("checkbox", { name: "White edge" }));
    await user.click(within(sheet).getByRole("button", { name: "One more colour" }));
    await user.click(within(sheet).getByRole("button", { name: "Save" }));
    await waitFor(() => expect(calls.some(({ method }) => method === "PATCH")).toBe(true));
    const call = calls.find(({ method }) => method === "PATCH");
    expect(call?.headers.get("if-match")).toBe('"3"');
    expect(call?.body).toMatchObject({
      name: "Festival",
      locked: ["modules"],
      colors: ["#0b5a5f", "#12211f"],
      design: kit.design,
    });
  });

  it("forgets a look and brings it back", async () => {
    const user = userEvent.setup();
    const saved = { ...kit, id: "design_1", name: "Diwali" };
    const calls = serve({
      ...studio,
      "GET /api/v1/me": () => ({ json: as("editor") }),
      "GET /api/v1/qr-designs": () => many(saved),
      "DELETE /api/v1/qr-designs/design_1": () => ({ status: 204 }),
      "POST /api/v1/qr-designs": () => ({ status: 201, json: saved }),
    });
    renderApp("/app/looks");
    await user.click(await screen.findByRole("button", { name: "What to do with Diwali" }));
    expect(screen.queryByRole("button", { name: "What to do with House style" })).toBeNull();
    expect(screen.queryByRole("button", { name: "New brand" })).toBeNull();
    await user.click(await screen.findByRole("button", { name: /^Forget it/ }));
    await user.click(await screen.findByRole("button", { name: "Undo" }, { timeout: 5_000 }));
    await waitFor(() =>
      expect(calls.find(({ method }) => method === "POST")?.body).toEqual({
        name: "Diwali",
        design: saved.design,
        is_default: true,
      }),
    );
  });
});
