import type { Check, DesignOptions } from "@/lib/api/types";

/** Units people measure in. Pixels are for screens; everything else is for paper. */
export type Unit = "cm" | "mm" | "in" | "px";

const MM: Record<Exclude<Unit, "px">, number> = { cm: 10, mm: 1, in: 25.4 };
const DPI_OF_SCREENS = 96;
const USUAL_PIXELS = 1200;
const USUAL_MM = 40;

/** The widths a picture can have, in a unit; the server knows no centimetres. */
export function boundsOf(options: DesignOptions | undefined, unit: Unit): [number, number] {
  const range = options?.sizes.find((sizes) => sizes.unit === (unit === "cm" ? "mm" : unit));
  if (!range) return [0, Infinity];
  return unit === "cm" ? [range.least / 10, range.most / 10] : [range.least, range.most];
}

export function toMm(size: number, unit: Unit): number {
  return unit === "px" ? (size / DPI_OF_SCREENS) * 25.4 : size * MM[unit];
}

/** The same size in another unit, as people would say it; between paper and screen it begins anew. */
export function converted(size: number, from: Unit, to: Unit): number {
  if (from === to) return size;
  if (to === "px") return USUAL_PIXELS;
  const mm = from === "px" ? USUAL_MM : toMm(size, from);
  return Number((mm / MM[to]).toFixed(to === "mm" ? 0 : 1));
}

/** What the server takes: it knows px, mm and in. */
export function asked(size: number, unit: Unit): { size: number; unit: "px" | "mm" | "in" } {
  return unit === "cm" ? { size: Number((size * 10).toFixed(2)), unit: "mm" } : { size, unit };
}

/** The symbol in the picture: dots on its side, the width of the whole picture in dots, least side in mm. */
export type Grid = { modules: number; across: number; leastMm: number };

/** What is known of the symbol in a picture, once it was drawn and judged. */
export function gridOf(check: Check | undefined, picture: { width: number } | undefined): Grid | null {
  const { modules, least_size_mm: leastMm } = (check?.measures ?? {}) as {
    modules?: number;
    least_size_mm?: number;
  };
  return modules === undefined || leastMm === undefined || !picture
    ? null
    : { modules, leastMm, across: picture.width };
}

/** The judge's bounds of a printed symbol's side, in mm. */
const JUDGED = [5, 2000] as const;

/** The side of the symbol on paper as the judge takes it; nothing for screens, and where it is no real size. */
export function printedSide(size: number, unit: Unit, grid: Grid | null): number | undefined {
  if (unit === "px" || !grid) return undefined;
  const side = Math.round(symbolSide(toMm(size, unit), grid) * 10) / 10;
  return side >= JUDGED[0] && side <= JUDGED[1] ? side : undefined;
}

/** A phone reads a symbol from ten times its side; less when the dots are small. */
const TIMES = 10;
/** A phone tells dots apart from up to this many times their size. */
const DOTS = 300;

/** The side of the symbol in a picture of so many mm. */
export function symbolSide(width: number, { modules, across }: Grid): number {
  return (width * modules) / across;
}

/** The least width of the picture in mm that prints and scans reliably. */
export function leastWidth({ modules, across, leastMm }: Grid): number {
  return Math.ceil((leastMm * across) / modules);
}

/** From how far phones read a picture of so many mm, in mm. */
export function reach(width: number, grid: Grid): number {
  const side = symbolSide(width, grid);
  return Math.min(side * TIMES, (side / grid.modules) * DOTS);
}
