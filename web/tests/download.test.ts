import { describe, expect, it } from "vitest";

import { bestFor, type Format, usualFirst } from "@/features/qr/download/formats";
import { layout, PAPERS, places } from "@/features/qr/download/layout";
import {
  asked,
  boundsOf,
  converted,
  leastWidth,
  printedSide,
  reach,
  toMm,
} from "@/features/qr/download/size";
import type { DesignOptions } from "@/lib/api/types";

const words = { en: "", hi: "" };
const file = (name: string): Format => ({
  name,
  title: words,
  help: words,
  media_type: "",
  is_raster: false,
  has_inks: false,
});

describe("a size", () => {
  it("is the same in every unit of paper", () => {
    expect(toMm(10, "cm")).toBe(100);
    expect(converted(10, "cm", "mm")).toBe(100);
    expect(converted(2.54, "cm", "in")).toBe(1);
    expect(asked(10, "cm")).toEqual({ size: 100, unit: "mm" });
    expect(asked(2, "in")).toEqual({ size: 2, unit: "in" });
  });

  it("becomes a usual picture on screens", () => {
    expect(converted(10, "cm", "px")).toBe(1200);
    expect(converted(1200, "px", "cm")).toBe(4);
  });

  it("has the bounds that the server has", () => {
    const options = { sizes: [{ unit: "mm", least: 5, most: 500, default: 40 }] } as DesignOptions;
    expect(boundsOf(options, "mm")).toEqual([5, 500]);
    expect(boundsOf(options, "cm")).toEqual([0.5, 50]);
  });
});

describe("how far a code is read", () => {
  const usual = { modules: 25, across: 33, leastMm: 10 };
  const dense = { modules: 117, across: 125, leastMm: 42 };
  const framed = { ...usual, across: 50 };

  it("is ten times the side of the symbol, and less when much is in it", () => {
    expect(reach(33, usual)).toBe(250);
    expect(reach(30, dense)).toBeLessThan(100);
    expect(reach(50, framed)).toBe(250);
  });

  it("has a least width that grows with what is in it and around it", () => {
    expect(leastWidth(usual)).toBe(14);
    expect(leastWidth(framed)).toBe(20);
    expect(leastWidth(dense)).toBe(45);
  });

  it("tells the judge the side of the symbol on paper, and nothing where there is no paper", () => {
    expect(printedSide(3.3, "cm", usual)).toBe(25);
    expect(printedSide(5, "cm", framed)).toBe(25);
    expect(printedSide(1200, "px", usual)).toBeUndefined();
    expect(printedSide(0.5, "cm", usual)).toBeUndefined();
    expect(printedSide(3, "cm", null)).toBeUndefined();
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
  it("stand as people look for them, the one that suits is chosen", () => {
    const known = ["xyz", "svg", "eps", "png"].map(file);
    expect(usualFirst(known).map(({ name }) => name)).toEqual(["png", "svg", "eps", "xyz"]);
    expect(bestFor(true, ["png", "svg", "pdf"].map(file))).toBe("pdf");
    expect(bestFor(true, ["png", "svg"].map(file))).toBe("svg");
    expect(bestFor(false, ["pdf", "png"].map(file))).toBe("png");
  });
});
