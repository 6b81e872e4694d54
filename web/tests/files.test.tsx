import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { renderApp } from "./render";
import { me, serve } from "./server";

const file = (change: object = {}) => ({
  id: "file_1",
  name: "menu.pdf",
  alt: "",
  media_type: "application/pdf",
  size: 120_000,
  width: null,
  height: null,
  pages: 2,
  url: "http://localhost/files/file_1/menu.pdf",
  content_url: "/api/v1/files/file_1/content?v=1",
  uses: [] as object[],
  version: 1,
  created_at: "2026-11-01T00:00:00Z",
  updated_at: "2026-11-01T00:00:00Z",
  deleted_at: null,
  ...change,
});
const sign = file({
  id: "file_2",
  name: "sign.png",
  media_type: "image/png",
  pages: null,
  uses: [{ kind: "qr_code", id: "qr_1", name: "Menu on the tables" }],
});
const room = { used: 950_000_000, deleted: 0, quota: 1_000_000_000, largest_file: 50_000_000 };
const served = (more: object = {}) =>
  serve({
    "GET /api/v1/me": () => ({ json: me }),
    "GET /api/v1/files/room": () => ({ json: room }),
    "GET /api/v1/files": ({ query }) => ({
      json: {
        data:
          query.get("deleted") === "true" ? [file({ deleted_at: "2026-11-02T00:00:00Z" })] : [file(), sign],
        next_cursor: null,
        has_more: false,
      },
    }),
    ...more,
  });

describe("the files", () => {
  it("say how much room there is and where each is used", async () => {
    served();
    renderApp("/app/files");
    expect(await screen.findByText("sign.png")).toBeInTheDocument();
    expect(screen.getByText("Used in 1 place")).toBeInTheDocument();
    expect(screen.getByText("Not used")).toBeInTheDocument();
    expect(await screen.findByText(/Your files take 950 MB of 1 GB/)).toBeInTheDocument();
    expect(screen.getByText(/hardly any room left/)).toBeInTheDocument();
  });

  it("go to the trash and come back", async () => {
    const user = userEvent.setup();
    const calls = served({
      "DELETE /api/v1/files/file_1": () => ({ status: 204 }),
      "POST /api/v1/files/file_1/restore": () => ({ json: file() }),
    });
    renderApp("/app/files");
    await user.click(await screen.findByRole("button", { name: "What to do with menu.pdf" }));
    await user.click(await screen.findByRole("button", { name: "Delete" }));
    await user.click(await screen.findByRole("button", { name: "Undo" }, { timeout: 5_000 }));
    await waitFor(() => expect(calls.some(({ path }) => path.endsWith("/restore"))).toBe(true));
    await user.click(screen.getByRole("button", { name: "Trash" }));
    expect(await screen.findByText(/stay here for 30 days/)).toBeInTheDocument();
  });

  it("that are in use say by what before they go", async () => {
    const user = userEvent.setup();
    const calls = served({ "DELETE /api/v1/files/file_2": () => ({ status: 204 }) });
    renderApp("/app/files");
    await user.click(await screen.findByRole("button", { name: "What to do with sign.png" }));
    await user.click(await screen.findByRole("button", { name: "Delete" }));
    const sheet = await screen.findByRole("dialog", { name: "It is in use" });
    expect(within(sheet).getByRole("link", { name: "Menu on the tables" })).toHaveAttribute(
      "href",
      "/app/codes/qr_1",
    );
    expect(calls.some(({ method }) => method === "DELETE")).toBe(false);
    await user.click(within(sheet).getByRole("button", { name: "Delete it all the same" }));
    await waitFor(() =>
      expect(calls.find(({ method }) => method === "DELETE")?.query.get("force")).toBe("true"),
    );
  });

  it("are described for those who cannot see them", async () => {
    const user = userEvent.setup();
    const calls = served({ "PATCH /api/v1/files/file_2": () => ({ json: sign }) });
    renderApp("/app/files");
    await user.click(await screen.findByRole("button", { name: "What to do with sign.png" }));
    await user.click(await screen.findByRole("button", { name: "Describe or replace" }));
    const sheet = await screen.findByRole("dialog", { name: "This file" }, { timeout: 5_000 });
    await user.type(within(sheet).getByLabelText("What the picture shows"), "Our sign");
    await user.click(within(sheet).getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(calls.find(({ method }) => method === "PATCH")?.body).toEqual({
        name: "sign.png",
        alt: "Our sign",
      }),
    );
  });
});
