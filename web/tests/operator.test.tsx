import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { formatDuration } from "@/features/operator/units";
import { formatBytes } from "@/lib/format";

import { renderApp } from "./render";
import { me, serve } from "./server";

const operator = { ...me, user: { ...me.user, is_operator: true } };
const letter = (id: string, more: object = {}) => ({
  id,
  source: "qr.link_status",
  topic: "link.updated",
  payload: { data: { name: "Menu" } },
  reason: "ValueError: no such code",
  attempts: 5,
  created_at: "2026-11-22T10:00:00Z",
  state: "open",
  ...more,
});
const process = (more: object = {}) => ({
  name: "main",
  address: null,
  services: ["routing"],
  roles: ["redirect"],
  version: "1.0.0",
  state: "ready",
  checks: [
    { name: "database", grade: "works", detail: "" },
    { name: "routing", grade: "works", detail: "" },
  ],
  redirects: { count: 12, failed: 0, p99_seconds: 0.004 },
  requests: { count: 7, failed: 0, p99_seconds: 0.05 },
  spool: { files: 0, bytes: 0, age_seconds: 0, recorded: 12, lost: 0, free_bytes: 4e9 },
  counting: { behind_records: 0, behind_seconds: 0.5 },
  jobs_waiting: 0,
  database: { answer_seconds: 0.002, connections_in_use: 2, connections_max: 16 },
  ...more,
});
const health = (more: object = {}) => ({
  processes: [process()],
  event_log: { groups: [], waiting: 0 },
  dead_letters: 0,
  mail_delivers: true,
  mail_waiting: 0,
  ...more,
});
const page = (data: object[]) => ({ json: { data, next_cursor: null, has_more: false } });

function answers(found: object, letters: object[] = [], mails: object[] = []) {
  return {
    "GET /api/v1/me": () => ({ json: operator }),
    "GET /api/v1/operator/health": () => ({ json: found }),
    "GET /api/v1/operator/storage": () => ({
      json: {
        scans: 21e9,
        database: 26e9,
        files: 12e9,
        files_whole: true,
        files_at: "local",
        disk_used: 38e9,
        disk_size: 80e9,
      },
    }),
    "GET /api/v1/operator/settings": () => ({ json: { version: "1.0.0", data: [], warnings: [] } }),
    "GET /api/v1/dead-letters": () => page(letters),
    "GET /api/v1/operator/mails": () => page(mails),
  };
}

describe("the operator's page", () => {
  it("says in one sentence that all is well, and what room there is", async () => {
    serve(answers(health()));
    renderApp("/app/server");
    expect(await screen.findByText("Everything answers.")).toBeVisible();
    expect(screen.getByText("No scan was lost.")).toBeVisible();
    expect(await screen.findByText("38 GB of 80 GB")).toBeVisible();
    expect(await screen.findByText("No dead letters")).toBeVisible();
    expect(screen.getByText("No mail waits.")).toBeVisible();
  });

  it("names what does not answer, and a loss", async () => {
    const lost = { files: 3, bytes: 9, age_seconds: 90, recorded: 1, lost: 2, free_bytes: 0 };
    const gone = process({
      name: "http://gone:1",
      address: "http://gone:1",
      services: ["analytics"],
      state: "away",
      checks: [{ name: "process", grade: "failing", detail: "It does not answer within 3 seconds." }],
      spool: null,
    });
    serve(
      answers(health({ processes: [process({ spool: lost }), gone], dead_letters: null, event_log: null })),
    );
    renderApp("/app/server");
    expect(await screen.findByText("Something does not answer.")).toBeVisible();
    expect(screen.getByText("2 scans were lost.")).toBeVisible();
    expect(screen.getByText("It does not answer within 3 seconds.")).toBeVisible();
    expect(screen.getByText("the oldest for 1 min")).toBeVisible();
    const processes = screen.getByRole("region", { name: "Processes" });
    expect(within(processes).getByText("analytics · does not answer")).toBeVisible();
  });

  it("puts a letter back as it was, or edited", async () => {
    const calls = serve({
      ...answers(health({ dead_letters: 2 }), [letter("letter_1"), letter("letter_2", { source: "job" })]),
      "POST /api/v1/dead-letters/letter_1/replay": () => ({
        json: letter("letter_1", { state: "replaying" }),
      }),
      "POST /api/v1/dead-letters/replay": () => ({ json: { replayed: 2, remaining: 0 } }),
    });
    const sent = () => calls.filter(({ method }) => method === "POST");
    renderApp("/app/server");
    const user = userEvent.setup();
    const [first] = await screen.findAllByRole("button", { name: "Replay link.updated" });
    await user.click(first as HTMLElement);
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0]?.body).toEqual({});
    await user.click(
      screen.getAllByRole("button", { name: "Edit and replay link.updated" })[0] as HTMLElement,
    );
    const field = await screen.findByLabelText("Message", {}, { timeout: 5_000 });
    await user.clear(field);
    await user.type(field, "{{");
    expect(screen.getByText(/This is no JSON yet/)).toBeVisible();
    await user.type(field, '"data": 1}');
    await user.click(screen.getByRole("button", { name: "Replay" }));
    await waitFor(() => expect(sent()).toHaveLength(2));
    expect(sent()[1]?.body).toEqual({ payload: { data: 1 } });
    await user.click(await screen.findByRole("button", { name: "Replay all 2" }));
    await waitFor(() => expect(sent().at(-1)?.path).toBe("/api/v1/dead-letters/replay"));
  });

  it("asks before it discards", async () => {
    const calls = serve({
      ...answers(health({ dead_letters: 1 }), [letter("letter_1")]),
      "POST /api/v1/dead-letters/letter_1/discard": () => ({
        json: letter("letter_1", { state: "discarded" }),
      }),
    });
    const sent = () => calls.filter(({ method }) => method === "POST");
    renderApp("/app/server");
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "Discard link.updated" }));
    expect(await screen.findByText(/This cannot be undone/)).toBeVisible();
    expect(sent()).toHaveLength(0);
    await user.click(screen.getByRole("button", { name: "Discard for good" }));
    await waitFor(() => expect(sent()).toHaveLength(1));
  });

  it("shows a mail that waits, and sends it only where there is a mail server", async () => {
    const mail = {
      id: "mail_1",
      to: "rahul@poppy.example",
      subject: "Invitation",
      created_at: "2026-11-22T10:00:00Z",
    };
    serve({
      ...answers(health({ mail_delivers: false, mail_waiting: 1 }), [], [mail]),
      "GET /api/v1/operator/mails/mail_1": () => ({ json: { ...mail, text: "Come in" } }),
    });
    renderApp("/app/server");
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: /^Open: Invitation/ }));
    expect(await screen.findByText("Come in")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Send it now" })).toBeNull();
  });

  it("tells others that it is not for them, and asks nothing", async () => {
    const calls = serve({ "GET /api/v1/me": () => ({ json: me }) });
    renderApp("/app/server");
    expect(await screen.findByText("This page is for operators")).toBeVisible();
    expect(calls.filter(({ path }) => path.includes("operator"))).toHaveLength(0);
    expect(screen.queryByRole("link", { name: "This server" })).toBeNull();
  });
});

describe("units", () => {
  it("are the nearest ones", () => {
    expect([0.0042, 0.4, 12, 90, 7_300, 200_000].map(formatDuration)).toEqual([
      "4.2 ms",
      "0.4 secs",
      "12 secs",
      "1 min",
      "2 hrs",
      "2 days",
    ]);
    expect([0, 900, 1_500, 38e9].map(formatBytes)).toEqual(["0 bytes", "900 bytes", "1.5 kB", "38 GB"]);
  });
});
