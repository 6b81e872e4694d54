import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { renderApp } from "./render";
import { type Call, code, looks, me, serve, summary } from "./server";

const OTHERS = { version: 2, name: "Diwali menu", link: leading("https://sharmasweets.example/others") };

function leading(destination: string) {
  return { ...code().link, destination };
}

/** A code that somebody else changes right after it was opened. */
function contested() {
  let state = code();
  let opened = false;
  const patches: Call[] = [];
  serve({
    "GET /api/v1/me": () => ({ json: me }),
    "GET /api/v1/analytics/summary": () => ({ json: summary() }),
    "GET /api/v1/analytics/series": () => ({ json: { data: [] } }),
    ...looks,
    "POST /api/v1/qr-codes/preview": () => ({ text: "<svg/>" }),
    "POST /api/v1/qr-codes/check": () => ({ json: { grade: "A", score: 100, advice: [], measures: {} } }),
    "GET /api/v1/qr-codes/qr_1": () => ({ json: state }),
    "PATCH /api/v1/qr-codes/qr_1": (call) => {
      patches.push(call);
      if (!opened) {
        opened = true;
        state = code({ ...OTHERS, design: { modules: { shape: "dots" } } });
      }
      if (call.headers.get("if-match") !== `"${state.version}"`) {
        return { status: 409, json: { code: "stale_version", detail: "Somebody changed this." } };
      }
      state = { ...state, ...(call.body as object), version: state.version + 1 };
      return { json: state };
    },
  });
  return patches;
}

const seen = (patches: Call[]) => patches.map(({ headers }) => headers.get("if-match"));
const load = async () => {
  expect(await screen.findByText(/Somebody changed this code in the meantime/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Load what is there now" }));
  await waitFor(() => expect(screen.queryByText(/in the meantime/)).not.toBeInTheDocument());
};

describe("a code that somebody else changes at the same time", () => {
  it("keeps the address one typed, shows where it leads now, and saves over what one has seen", async () => {
    const patches = contested();
    renderApp("/app/codes/qr_1");
    await userEvent.click(await screen.findByRole("button", { name: "Change" }));
    const field = await screen.findByLabelText("New web address");
    await userEvent.type(field, "sharmasweets.example/mine{Enter}");
    await load();
    expect(field).toHaveValue("sharmasweets.example/mine");
    expect(screen.getAllByText("sharmasweets.example/others").length).toBeGreaterThan(0);
    await userEvent.click(screen.getByRole("button", { name: "Lead there" }));
    expect(await screen.findByText("It leads to the new place now")).toBeVisible();
    expect(seen(patches)).toEqual(['"1"', '"2"']);
  });

  it("keeps the name one typed and tells the other", async () => {
    const patches = contested();
    renderApp("/app/codes/qr_1");
    await userEvent.click(await screen.findByRole("button", { name: "What to do with Menu on the tables" }));
    await userEvent.click(await screen.findByRole("button", { name: "Rename" }));
    const field = await screen.findByLabelText("Name of the code");
    await userEvent.clear(field);
    await userEvent.type(field, "Tables{Enter}");
    await load();
    expect(field).toHaveValue("Tables");
    expect(screen.getByText("It is called “Diwali menu” now.")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByRole("heading", { name: "Tables" })).toBeVisible();
    expect(seen(patches)).toEqual(['"1"', '"2"']);
  });

  it("brings one's own look back with Undo", async () => {
    const patches = contested();
    renderApp("/app/codes/qr_1/edit");
    await userEvent.click(await screen.findByRole("radio", { name: "Leaf" }));
    await userEvent.click(screen.getAllByRole("button", { name: "Save and download" })[0] as HTMLElement);
    await load();
    expect(screen.getByRole("radio", { name: "Leaf" })).not.toBeChecked();
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(screen.getByRole("radio", { name: "Leaf" })).toBeChecked();
    await userEvent.click(screen.getAllByRole("button", { name: "Save and download" })[0] as HTMLElement);
    await waitFor(() => expect(seen(patches)).toEqual(['"1"', '"2"']));
    expect(patches[1]?.body).toMatchObject({ design: { modules: { fill: { color: "#14532d" } } } });
  });

  it("is not led back over somebody's newer change by Undo", async () => {
    const versions: (string | null)[] = [];
    serve({
      "GET /api/v1/me": () => ({ json: me }),
      "GET /api/v1/analytics/summary": () => ({ json: summary() }),
      "GET /api/v1/analytics/series": () => ({ json: { data: [] } }),
      "GET /api/v1/qr-codes/qr_1": () => ({ json: code() }),
      "PATCH /api/v1/qr-codes/qr_1": ({ headers }) => {
        versions.push(headers.get("if-match"));
        return versions.length === 1
          ? { json: code({ version: 5 }) }
          : { status: 409, json: { code: "stale_version" } };
      },
    });
    renderApp("/app/codes/qr_1");
    await userEvent.click(await screen.findByRole("button", { name: "Change" }));
    await userEvent.type(await screen.findByLabelText("New web address"), "sharmasweets.example/mine{Enter}");
    await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
    expect(await screen.findByText("That did not work. Nothing was changed.")).toBeVisible();
    expect(versions).toEqual(['"1"', '"5"']);
  });
});
