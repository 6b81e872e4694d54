import { describe, expect, it } from "vitest";

import { hourOf, isoDate, startOfDate, startOfDay, weekdayOf } from "@/lib/days";

describe("days in the zone of a shop", () => {
  it("begin at the zone's own midnight", () => {
    const now = new Date("2026-11-22T20:00:00Z"); // 1:30 of the next day in India
    expect(startOfDay("Asia/Kolkata", 0, now).toISOString()).toBe("2026-11-22T18:30:00.000Z");
    expect(startOfDay("Asia/Kathmandu", 0, now).toISOString()).toBe("2026-11-22T18:15:00.000Z");
    expect(startOfDay("UTC", -1, now).toISOString()).toBe("2026-11-21T00:00:00.000Z");
  });

  it("have 23 and 25 hours when clocks change", () => {
    const hours = (date: string) =>
      (startOfDate(date, "Europe/Berlin", 1).getTime() - startOfDate(date, "Europe/Berlin").getTime()) /
      3_600_000;
    expect(hours("2026-03-29")).toBe(23);
    expect(hours("2026-10-25")).toBe(25);
    expect(hours("2026-10-26")).toBe(24);
  });

  it("cross months and years", () => {
    expect(startOfDay("UTC", 1, new Date("2026-12-31T12:00:00Z")).toISOString()).toBe(
      "2027-01-01T00:00:00.000Z",
    );
    expect(startOfDay("UTC", -30, new Date("2026-03-01T12:00:00Z")).toISOString()).toBe(
      "2026-01-30T00:00:00.000Z",
    );
  });

  it("know their date, weekday and hour", () => {
    const late = new Date("2026-11-22T18:45:00Z");
    expect(isoDate(late, "Asia/Kolkata")).toBe("2026-11-23");
    expect(weekdayOf(late, "Asia/Kolkata")).toBe(1);
    expect(weekdayOf(late, "UTC")).toBe(0);
    expect(hourOf(late, "Asia/Kolkata")).toBe(0);
  });
});
