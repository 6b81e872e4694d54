import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { BreakdownCard } from "@/features/analytics/breakdown";
import { CodeCountsPanel } from "@/features/analytics/code-counts-panel";
import { DayCard } from "@/features/analytics/day-card";
import { NotCounted } from "@/features/analytics/not-counted";
import { rangeOf } from "@/features/analytics/range";
import { SeriesChart } from "@/features/analytics/series-chart";
import { activateLocale } from "@/lib/i18n";

import { renderPart } from "./render";
import { serve, summary } from "./server";

const question = {
  code: "qr_1",
  from: new Date("2026-11-15T18:30:00Z"),
  to: new Date("2026-11-22T18:30:00Z"),
  timeZone: "Asia/Kolkata",
};
const series = { "GET /api/v1/analytics/series": () => ({ json: { data: [] } }) };

describe("today in words", () => {
  const day = (found: object) => {
    serve({ ...series, "GET /api/v1/analytics/summary": () => ({ json: summary(found) }) });
    renderPart(<DayCard timeZone="Asia/Kolkata" live />);
    return screen.findByRole("heading");
  };

  it.each([
    [{ hits: 0 }, "Nobody scanned yet today"],
    [{ hits: 1, visitors: 1 }, "People scanned 1 time today"],
    [{ hits: 1242, visitors: 2 }, "People scanned 1,242 times today"],
  ])("%o is told as %s", async (found, words) => {
    expect(await day(found)).toHaveTextContent(words);
  });

  it("is told in Hindi", async () => {
    await activateLocale("hi");
    expect(await day({ hits: 42, visitors: 9 })).toHaveTextContent("आज लोगों ने 42 बार स्कैन किया");
  });

  it("says what still works when figures cannot be shown, and for support what happened", async () => {
    serve({
      ...series,
      "GET /api/v1/analytics/summary": () => ({
        status: 503,
        json: { code: "unavailable", detail: "The database rests.", request_id: "req_7" },
      }),
    });
    renderPart(<DayCard timeZone="Asia/Kolkata" live={false} />);
    expect(await screen.findByText("Every scan is still being counted.")).toBeVisible();
    expect(screen.getByText(/req_7/)).toBeInTheDocument();
  });
});

describe("not counted", () => {
  it("gives every reason, also at 0", () => {
    renderPart(
      <NotCounted summary={summary({ excluded: 24, by_reason: { bot: 18, preview: 6 } }) as never} />,
    );
    expect(screen.getByText("Not counted: 24 visits")).toBeVisible();
    const rows = screen.getAllByRole("listitem").map((row) => row.textContent);
    expect(rows).toHaveLength(5);
    expect(rows[0]).toMatch(/^18Bots\./);
    expect(rows[1]).toMatch(/^6Previews\./);
    expect(rows[4]).toMatch(/^0Repeats\./);
  });
});

describe("scans over time", () => {
  const data = [
    { start: "2026-11-20T18:30:00Z", end: "2026-11-21T18:30:00Z", hits: 24, visitors: 20 },
    { start: "2026-11-21T18:30:00Z", end: "2026-11-22T18:30:00Z", hits: 3, visitors: 2 },
  ];

  it("has a text for each bar, reachable with the keyboard", async () => {
    renderPart(<SeriesChart data={data} interval="day" timeZone="Asia/Kolkata" />);
    await userEvent.tab();
    expect(screen.getByRole("button", { name: "Saturday, 21 November: 24 scans" })).toHaveFocus();
    await userEvent.tab();
    expect(screen.getByRole("button", { name: "Sunday, 22 November: 3 scans" })).toHaveFocus();
    expect(screen.getByText("Most: Saturday, 21 November, 24 scans")).toBeVisible();
  });

  it("is also a table", async () => {
    renderPart(<SeriesChart data={data} interval="day" timeZone="Asia/Kolkata" />);
    await userEvent.click(screen.getByRole("button", { name: "Show as a table" }));
    const row = screen.getByRole("row", { name: /Saturday/ });
    expect(
      within(row)
        .getAllByRole("cell")
        .map((cell) => cell.textContent),
    ).toEqual(["Saturday, 21 November", "24", "20"]);
  });
});

describe("shares", () => {
  it("add up to the whole, with others and unknown said", async () => {
    serve({
      "GET /api/v1/analytics/breakdown": () => ({
        json: { data: [{ value: "iOS", hits: 5 }], other: 3, unknown: 2, total: 10, values: 4 },
      }),
    });
    renderPart(<BreakdownCard question={question} dimension="os" title="With what" />);
    const rows = (await screen.findAllByRole("listitem")).map((row) => row.textContent);
    expect(rows).toEqual(["iPhone50% 5", "Others30% 3", "Not known20% 2"]);
  });
});

describe("places", () => {
  const panel = (available: boolean) => {
    const place = { available, attribution: "IP Geolocation by DB-IP", attribution_url: "https://db-ip.com" };
    serve({
      ...series,
      "GET /api/v1/analytics/summary": () => ({ json: summary({ hits: 2, visitors: 2, place }) }),
      "GET /api/v1/analytics/breakdown": () => ({
        json: { data: [{ value: "Jaipur", hits: 2 }], other: 0, unknown: 0, total: 2, values: 1 },
      }),
    });
    renderPart(<CodeCountsPanel question={question} />);
  };

  it("carry the credit that their source asks for", async () => {
    panel(true);
    expect(await screen.findByRole("link", { name: "IP Geolocation by DB-IP" })).toHaveAttribute(
      "href",
      "https://db-ip.com",
    );
  });

  it("are said to be unknown without a place database", async () => {
    panel(false);
    expect(await screen.findByText(/this server has no place database/)).toBeVisible();
    expect(screen.queryByRole("link", { name: /DB-IP/ })).not.toBeInTheDocument();
  });
});

describe("own days", () => {
  it("include the last one, and are put right when turned round", () => {
    const range = rangeOf({ range: "own", from: "2026-11-22", to: "2026-11-20" }, "Asia/Kolkata");
    expect(range.from.toISOString()).toBe("2026-11-19T18:30:00.000Z");
    expect(range.to.toISOString()).toBe("2026-11-22T18:30:00.000Z");
  });
});
