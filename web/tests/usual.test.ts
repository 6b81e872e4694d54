import { describe, expect, it } from "vitest";

import { curve, plot } from "@/features/analytics/curve";
import { busiest, byHour, usualDay } from "@/features/analytics/usual";

const ZONE = "Asia/Kolkata";
const at = (start: string, hits: number) => ({ start, hits });

describe("a usual day", () => {
  const sunday = new Date("2026-11-21T18:30:00Z");

  it("is the mean of the same weekdays that had scans", () => {
    const before = [
      at("2026-11-14T18:30:00Z", 4), // Sunday 15, midnight
      at("2026-11-07T18:30:00Z", 2), // Sunday 8, midnight
      at("2026-11-08T12:30:00Z", 6), // Sunday 8, 18:00
      at("2026-11-16T12:30:00Z", 90), // a Monday
    ];
    const usual = usualDay(before, sunday, ZONE);
    expect(usual?.[0]).toBe(3);
    expect(usual?.[18]).toBe(3);
    expect(usual?.[12]).toBe(0);
  });

  it("is not known without such a day", () => {
    expect(
      usualDay([at("2026-11-16T12:30:00Z", 90), at("2026-11-14T18:30:00Z", 0)], sunday, ZONE),
    ).toBeNull();
  });
});

describe("hours", () => {
  it("are local ones", () => {
    const hours = byHour([at("2026-11-22T13:30:00Z", 3), at("2026-11-22T13:45:00Z", 2)], ZONE);
    expect(hours[19]).toBe(5);
    expect(busiest(hours)).toBe(19);
    expect(busiest(byHour([], ZONE))).toBeNull();
  });
});

describe("lines", () => {
  it("stay in their box and touch the top with the largest value", () => {
    const points = plot([0, 5, 10], { width: 100, top: 10, bottom: 90 });
    expect(points).toEqual([
      [0, 90],
      [50, 50],
      [100, 10],
    ]);
    expect(curve(points)).toBe("M0.0 90.0C25.0 90.0 25.0 50.0 50.0 50.0C75.0 50.0 75.0 10.0 100.0 10.0");
  });

  it("are flat when nothing happened", () => {
    expect(plot([0, 0], { width: 10, top: 0, bottom: 9 })).toEqual([
      [0, 9],
      [10, 9],
    ]);
  });
});
