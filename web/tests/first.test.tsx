import { readFile } from "node:fs/promises";

import { cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { SHORTEST_PASSWORD } from "@/features/auth/new-password";
import { chooseLocale } from "@/lib/i18n";

import { renderApp } from "./render";
import { code, contentTypes, me, serve, tooLong } from "./server";

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>';
const studio = {
  "POST /api/v1/qr-codes/preview": () => ({ text: SVG, headers: { "content-type": "image/svg+xml" } }),
  "POST /api/v1/qr-codes/check": () => ({ json: { grade: "A", score: 100, advice: [], measures: {} } }),
};

describe("the first page", () => {
  it("draws and judges what one types, and says so", async () => {
    const calls = serve(studio);
    renderApp("/");
    await userEvent.type(await screen.findByLabelText("Web address"), "sharmasweets.in");
    expect(await screen.findByText("Scans easily")).toBeVisible();
    const last = calls.filter(({ path }) => path.endsWith("/preview")).at(-1);
    expect(last?.body).toMatchObject({ content: { type: "url", url: "sharmasweets.in" } });
    expect(last?.headers.get("scanly-request")).toBe("1");
  });

  it("lights the kind up that was pasted", async () => {
    serve(studio);
    renderApp("/");
    await userEvent.click(await screen.findByLabelText("Web address"));
    await userEvent.paste("sharma@okbank");
    expect(screen.getByRole("radio", { name: /UPI payment/ })).toBeChecked();
    expect(screen.getByLabelText("UPI ID")).toHaveValue("sharma@okbank");
  });

  it("has more kinds, with their whole forms, when one asks for them", async () => {
    const place = { ...contentTypes[1], type: "place", title: { en: "Opening hours", hi: "समय" } };
    const calls = serve({
      ...studio,
      "GET /api/v1/qr-content-types": () => ({ json: { data: [...contentTypes, place] } }),
    });
    renderApp("/");
    await userEvent.click(await screen.findByRole("button", { name: "1 more kind" }));
    await userEvent.click(await screen.findByRole("button", { name: /^Opening hours/ }, { timeout: 5_000 }));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Fill in the fields first");
    await userEvent.type(await screen.findByRole("textbox", { name: "Text" }), "Namaste");
    await waitFor(() =>
      expect(calls.filter(({ path }) => path.endsWith("/preview")).at(-1)?.body).toMatchObject({
        content: { type: "place", text: "Namaste" },
      }),
    );
  });

  it("offers to call or to write when a number was pasted", async () => {
    serve(studio);
    renderApp("/");
    await userEvent.click(await screen.findByLabelText("Web address"));
    await userEvent.paste("+44 20 7946 0018");
    expect(screen.getByRole("radio", { name: /^WhatsApp/ })).toBeChecked();
    await userEvent.click(screen.getByRole("button", { name: "Call instead" }));
    expect(screen.getByRole("radio", { name: /^Call/ })).toBeChecked();
    expect(screen.getByLabelText("Phone number")).toHaveValue("+44 20 7946 0018");
  });

  it("says by how much there is too much for one code, instead of an empty download", async () => {
    const calls = serve({ ...studio, "POST /api/v1/qr-codes/preview": tooLong });
    renderApp("/");
    await userEvent.click(await screen.findByRole("radio", { name: /^Text/ }));
    await userEvent.click(screen.getByRole("textbox", { name: "Text" }));
    await userEvent.paste("a".repeat(4100));
    const words = "This is 1,147 characters too long for a code. Shorten it.";
    expect(await screen.findByRole("alert")).toHaveTextContent(words);
    await userEvent.click(screen.getByRole("button", { name: "Download" }));
    expect(screen.getByRole("alert")).toHaveTextContent(words);
    expect(screen.getByRole("textbox", { name: "Text" })).toHaveFocus();
    expect(calls.filter(({ path }) => path.endsWith("/preview"))).toHaveLength(1);
  });

  it("asks for an answer before it does anything", async () => {
    serve(studio);
    renderApp("/");
    await userEvent.click(await screen.findByRole("button", { name: "Save and track" }));
    expect(screen.getByText("Write here first what the code should open.")).toBeVisible();
    expect(screen.getByLabelText("Web address")).toHaveFocus();
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  it("saves what was made as soon as one has signed up, and shows it", async () => {
    const calls = serve({
      ...studio,
      "POST /api/v1/auth/sign-up": () => ({
        status: 201,
        json: { user: me.user, workspace: me.workspaces[0] },
      }),
      "GET /api/v1/me": () => ({ json: me }),
      "POST /api/v1/qr-codes": () => ({ status: 201, json: code() }),
      "GET /api/v1/qr-codes/qr_1": () => ({ json: code() }),
    });
    const router = renderApp("/");
    await userEvent.type(await screen.findByLabelText("Web address"), "sharmasweets.in");
    await userEvent.click(screen.getByRole("button", { name: "Save and track" }));
    await userEvent.type(await screen.findByLabelText("E-mail"), "sunita@sharmasweets.example");
    await userEvent.type(screen.getByLabelText("Password"), "ghevar laddu monsoon");
    await userEvent.click(screen.getByRole("button", { name: "Save my code" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/app/codes/qr_1"));
    const made = calls.filter(({ method, path }) => method === "POST" && path === "/api/v1/qr-codes");
    expect(made).toHaveLength(1);
    expect(made[0]?.body).toMatchObject({ content: { type: "url", url: "sharmasweets.in" } });
    expect(made[0]?.headers.get("idempotency-key")).toMatch(/^[0-9a-f]{32}$/);
    expect(sessionStorage.getItem("scanly.draft")).toBeNull();
  });

  it("never tells whether an address has an account, and keeps what was typed", async () => {
    serve({
      ...studio,
      "POST /api/v1/auth/sign-up": () => ({ status: 409, json: { code: "sign_up_refused", detail: "no" } }),
    });
    renderApp("/");
    await userEvent.type(await screen.findByLabelText("Web address"), "sharmasweets.in");
    await userEvent.click(screen.getByRole("button", { name: "Save and track" }));
    await userEvent.type(await screen.findByLabelText("E-mail"), "sunita@sharmasweets.example");
    await userEvent.type(screen.getByLabelText("Password"), "wrong");
    await userEvent.click(screen.getByRole("button", { name: "Save my code" }));
    expect(await screen.findByRole("alert")).toHaveTextContent(
      /That did not work with this e-mail and password/,
    );
    expect(screen.getByLabelText("E-mail")).toHaveValue("sunita@sharmasweets.example");
    expect(sessionStorage.getItem("scanly.draft")).toContain("sharmasweets.in");
  });

  it("closes the sheet with the way back, and opens it again", async () => {
    serve(studio);
    const router = renderApp("/");
    await userEvent.type(await screen.findByLabelText("Web address"), "sharmasweets.in");
    await userEvent.click(screen.getByRole("button", { name: "Save and track" }));
    await screen.findByRole("dialog", { name: "Save this code" });
    router.history.back();
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(router.state.location.pathname).toBe("/");
    expect(screen.getByLabelText("Web address")).toHaveValue("sharmasweets.in");
    await userEvent.click(screen.getByRole("button", { name: "Save and track" }));
    await userEvent.click(await screen.findByRole("button", { name: "Close" }));
    await waitFor(() => expect(router.history.location.state.sheet).toBeUndefined());
    expect(router.history.canGoBack()).toBe(false);
  });

  it("still knows what was typed when it is loaded again", async () => {
    serve(studio);
    renderApp("/");
    await userEvent.type(await screen.findByLabelText("Web address"), "sharmasweets.in");
    cleanup();
    renderApp("/");
    expect(await screen.findByLabelText("Web address")).toHaveValue("sharmasweets.in");
  });

  it("asks for passwords as long as the server takes them", async () => {
    const document = JSON.parse(await readFile("../docs/api/openapi.json", "utf8")) as {
      components: { schemas: Record<string, { properties: Record<string, { minLength?: number }> }> };
    };
    const { SignUp, PasswordReset, PasswordChange } = document.components.schemas;
    expect(SignUp?.properties["password"]?.minLength).toBe(SHORTEST_PASSWORD);
    expect(PasswordReset?.properties["password"]?.minLength).toBe(SHORTEST_PASSWORD);
    expect(PasswordChange?.properties["new_password"]?.minLength).toBe(SHORTEST_PASSWORD);
  });

  it("speaks Hindi at once", async () => {
    serve(studio);
    renderApp("/");
    await screen.findByRole("heading", { name: "Where should your code lead?" });
    await userEvent.click(screen.getByRole("button", { name: "हिन्दी" }));
    expect(await screen.findByRole("heading", { name: "आपका कोड क्या खोले?" })).toBeVisible();
    await waitFor(() => expect(document.title).toBe("कोड बनाएँ · Scanly"));
    await chooseLocale("en");
  });
});

describe("somebody who is signed in", () => {
  it("goes to the dashboard", async () => {
    localStorage.setItem("scanly.signed-in", "yes");
    serve({ ...studio, "GET /api/v1/me": () => ({ json: me }) });
    const router = renderApp("/");
    await waitFor(() => expect(router.state.location.pathname).toBe("/app"));
  });

  it("who was not here before is asked to sign in, and then comes to where one wanted to go", async () => {
    serve({ "GET /api/v1/me": () => ({ status: 401, json: { code: "unauthenticated" } }) });
    const router = renderApp("/app/codes?q=menu");
    expect(await screen.findByRole("dialog", { name: "Sign in" })).toBeVisible();
    expect(router.state.location.search).toMatchObject({ sign: "in", next: "/app/codes?q=menu" });
    expect(screen.queryByText(/You were signed out/)).not.toBeInTheDocument();
  });

  it("is told so when the session ended, and goes on where one was", async () => {
    localStorage.setItem("scanly.signed-in", "yes");
    let ended = true;
    const calls = serve({
      "GET /api/v1/me": () => (ended ? { status: 401, json: { code: "unauthenticated" } } : { json: me }),
      "POST /api/v1/auth/log-in": () => {
        ended = false;
        return { json: { user: me.user } };
      },
      "GET /api/v1/qr-codes": () => ({ json: { data: [], next_cursor: null, has_more: false } }),
    });
    const router = renderApp("/app/codes?q=menu");
    const sheet = await screen.findByRole("dialog", { name: "Sign in" });
    expect(within(sheet).getByRole("status")).toHaveTextContent(
      "You were signed out: your session has ended.",
    );
    await userEvent.type(screen.getByLabelText("E-mail"), "sunita@sharmasweets.example");
    await userEvent.type(screen.getByLabelText("Password"), "ghevar laddu monsoon{Enter}");
    await waitFor(() => expect(router.state.location.href).toBe("/app/codes?q=menu"));
    expect(calls.some(({ path }) => path === "/api/v1/auth/log-in")).toBe(true);
  });
});
