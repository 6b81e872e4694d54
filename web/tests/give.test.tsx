import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { stepsFor, without } from "@/features/qr/look/give/plan";
import type { Code } from "@/lib/api/types";

import { renderApp } from "./render";
import { code, me, serve, summary } from "./server";

const RED = { modules: { shape: "dots", fill: { color: "#a12b2b" } } };
const FRAMED = { ...RED, frame: { kind: "banner", text: "Scan to pay" } };
const make = (id: string, design: object) => code({ id, name: id, design }) as unknown as Code;

describe("the steps of a look for many", () => {
  it("takes codes together that look alike, and leaves out those that have it already", () => {
    const codes = [make("a", {}), make("b", FRAMED), make("c", RED), make("d", {})];
    const steps = stepsFor(codes, RED, true);
    expect(steps.map(({ ids }) => ids)).toEqual([["a", "d"], ["b"]]);
    expect(steps[1]).toMatchObject({ patch: { frame: null }, back: { frame: FRAMED.frame } });
  });

  it("leaves each its own frame when asked to", () => {
    const [step] = stepsFor([make("b", FRAMED)], { modules: { shape: "square" } }, false);
    expect(step?.patch).not.toHaveProperty("frame");
    expect(stepsFor([make("a", RED)], FRAMED, false)).toEqual([]);
  });

  it("takes a gradient's place whole", () => {
    const fill = { gradient: { kind: "linear", stops: [] } };
    const [step] = stepsFor([make("a", { modules: { fill } })], RED, true);
    expect(step?.patch).toMatchObject({ modules: { fill: { color: "#a12b2b", gradient: null } } });
  });

  it("goes in parts, and without those that are refused", () => {
    const steps = stepsFor(
      Array.from({ length: 45 }, (_, number) => make(`c${number}`, {})),
      RED,
      true,
    );
    expect(steps.map(({ ids }) => ids.length)).toEqual([20, 20, 5]);
    const left = new Set(["c0", ...(steps[2]?.ids ?? [])]);
    expect(without(steps, left).map(({ ids }) => ids.length)).toEqual([19, 20]);
  });
});

describe("a look for other codes", () => {
  beforeEach(() => {
    vi.stubGlobal(
      "EventSource",
      class {
        addEventListener() {}
        close() {}
      },
    );
  });

  it("says what becomes of each, does it, and brings their own looks back", async () => {
    const user = userEvent.setup();
    const all = [make("Pay", FRAMED), make("Menu", {}), make("Wi-Fi", {})];
    const calls = serve({
      "GET /api/v1/me": () => ({ json: me }),
      "GET /api/v1/analytics/summary": () => ({ json: summary() }),
      "GET /api/v1/analytics/breakdown": () => ({
        json: { data: [], other: 0, unknown: 0, total: 0, values: 0 },
      }),
      "GET /api/v1/qr-codes/count": () => ({ json: { total: 3, groups: { active: 3 } } }),
      "GET /api/v1/folders": () => ({ json: { data: [] } }),
      "GET /api/v1/tags": () => ({ json: { data: [] } }),
      "GET /api/v1/qr-content-types": () => ({ json: { data: [] } }),
      "GET /api/v1/qr-codes": () => ({ json: { data: all, next_cursor: null, has_more: false } }),
      "POST /api/v1/qr-codes/bulk": ({ body }) => {
        const { ids, dry_run: rehearsed } = body as { ids: string[]; dry_run: boolean };
        const data = ids.map((id, index) => ({
          index,
          id,
          status: id === "Wi-Fi" && rehearsed ? 422 : 200,
          error:
            id === "Wi-Fi" && rehearsed ? { code: "unreadable_design", detail: "no", status: 422 } : null,
        }));
        return { status: 207, json: { data, succeeded: 1, failed: 0 } };
      },
    });
    renderApp("/app/codes");
    await user.click(await screen.findByRole("button", { name: "What to do with Pay" }));
    await user.click(await screen.findByRole("button", { name: "Use this look for …" }));
    const sheet = await screen.findByRole("dialog", { name: "Use this look for …" });
    expect(within(sheet).queryByRole("checkbox", { name: "Pay" })).toBeNull();
    await user.click(await within(sheet).findByRole("checkbox", { name: "Menu" }));
    await user.click(within(sheet).getByRole("checkbox", { name: "Wi-Fi" }));
    await user.click(within(sheet).getByRole("button", { name: "See what becomes of 2 codes" }));

    expect(await within(sheet).findByText("1 code gets this look.")).toBeInTheDocument();
    expect(within(sheet).getByText("Phones could not read it in this look.")).toBeInTheDocument();
    await user.click(within(sheet).getByRole("button", { name: "Give it to 1 code" }));
    expect(await within(sheet).findByText("1 code has this look now.")).toBeInTheDocument();
    await user.click(within(sheet).getByRole("button", { name: "Undo" }));
    await vi.waitFor(() => expect(screen.queryByText("1 code has this look now.")).toBeNull());

    const sent = calls.filter(({ method }) => method === "POST").map(({ body }) => body);
    expect(sent).toMatchObject([
      { ids: ["Menu", "Wi-Fi"], dry_run: true },
      { ids: ["Menu"], dry_run: false, change: { design: FRAMED } },
      { ids: ["Menu"], dry_run: false, change: { design: { frame: null, modules: null } } },
    ]);
  });
});
