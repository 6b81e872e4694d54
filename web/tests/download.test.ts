import { describe, expect, it } from "vitest";

import { bestFor, offered } from "@/features/qr/download/formats";
import { layout, PAPERS, places } from "@/features/qr/download/layout";
import { asked, converted, leastSide, reach, toMm } from "@/features/qr/download/size";

describe("a size", () => {
  it("is the same in every unit of paper", () => {
    expect(toMm(10, "cm")).toBe(100);
    expect(converted(10, "cm", "mm")).toBe(100);
    expect(converted(2.54, "cm", "in")).toBe(1);
    expect(asked(10, "cm")).toEqual({ size: 100, unit: "mm" });
    expect(asked(2, "in")).toEqual({ size: 2, unit: "in" });
  });

  it("becomes a usual picture on screens, and keeps the server's bounds", () => {
    expect(converted(10, "cm", "px")).toBe(1200);
    expect(converted(50, "cm", "in")).toBe(19.7);
    expect(converted(0.5, "cm", "in")).toBe(0.2);
  });
});

describe("how far a code is read", () => {
  const usual = { modules: 25, edge: 4 };
  const dense = { modules: 117, edge: 4 };

  it("is ten times its side, and less when much is in it", () => {
    expect(reach(30, { modules: 22, edge: 4 })).toBe(300);
    expect(reach(30, usual)).toBeLessThanOrEqual(300);
    expect(reach(30, dense)).toBeLessThan(100);
  });

  it("has a least size that grows with what is in it", () => {
    expect(leastSide(usual)).toBe(15);
    expect(leastSide(dense)).toBe(42);
  });
});

describe("a printed sheet", () => {
  it("holds as many as fit, and nothing is cut off", () => {
    const sheet = layout(PAPERS.a4, { width: 50, height: 60 }, 20);
    expect(sheet).toMatchObject({ columns: 3, rows: 4, perPage: 12, pages: 2 });
    if (!sheet) return;
    const corners = places(PAPERS.a4, sheet, 12);
    expect(new Set(corners.map(({ x, y }) => `${x} ${y}`)).size).toBe(12);
    for (const { x, y } of corners) {
      expect(x).toBeGreaterThanOrEqual(10);
      expect(x + sheet.cell.width).toBeLessThanOrEqual(200);
      expect(y + sheet.cell.height).toBeLessThanOrEqual(287);
    }
  });

  it("says when not even one fits", () => {
    expect(layout(PAPERS.a4, { width: 200, height: 200 }, 1)).toBeNull();
  });
});

describe("files", () => {
  it("are those the server offers, the one that suits first", () => {
    expect(offered(["svg", "eps", "png", "xyz"])).toEqual(["png", "svg", "eps"]);
    expect(bestFor(true, ["png", "svg", "pdf"])).toBe("pdf");
    expect(bestFor(true, ["png", "svg"])).toBe("svg");
    expect(bestFor(false, ["pdf", "png"])).toBe("png");
  });
});
