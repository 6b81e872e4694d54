/** Units people measure in. Pixels are for screens; everything else is for paper. */
export type Unit = "cm" | "mm" | "in" | "px";

const MM: Record<Exclude<Unit, "px">, number> = { cm: 10, mm: 1, in: 25.4 };
const DPI_OF_SCREENS = 96;

/** Bounds of a picture, as the server has them, in each unit. */
export const BOUNDS: Record<Unit, [number, number]> = {
  cm: [0.5, 50],
  mm: [5, 500],
  in: [0.2, 20],
  px: [64, 4096],
};

export function toMm(size: number, unit: Unit): number {
  return unit === "px" ? (size / DPI_OF_SCREENS) * 25.4 : size * MM[unit];
}

/** The same size in another unit, rounded as people would say it; from paper to screen it is a usual picture. */
export function converted(size: number, from: Unit, to: Unit): number {
  if (from === to) return size;
  if (to === "px") return 1200;
  const mm = from === "px" ? 40 : toMm(size, from);
  const digits = to === "mm" ? 0 : 1;
  const [least, most] = BOUNDS[to];
  return Math.min(most, Math.max(least, Number((mm / MM[to]).toFixed(digits))));
}

/** What the server takes: it knows px, mm and in. */
export function asked(size: number, unit: Unit): { size: number; unit: "px" | "mm" | "in" } {
  return unit === "cm" ? { size: Number((size * 10).toFixed(2)), unit: "mm" } : { size, unit };
}

/** Modules on a side of the picture: the symbol and its empty edge. */
export type Grid = { modules: number; edge: number };

/** The smallest dot that usual printers print cleanly: four dots at 300 dpi, in mm. */
const LEAST_DOT = 0.33;
/** A phone tells dots apart up to this many times their size; ten times the side for a usual code of 30 modules. */
const REACH = 300;
const LEAST_SIDE = 15;

/** The least side in mm, its edge included, that prints and scans reliably. */
export function leastSide({ modules, edge }: Grid): number {
  return Math.max(LEAST_SIDE, Math.ceil((modules + 2 * edge) * LEAST_DOT));
}

/** From how far phones read it, in mm: at most ten times its side, less when much is in it. */
export function reach(side: number, { modules, edge }: Grid): number {
  const dot = side / (modules + 2 * edge);
  return Math.min(side * 10, dot * REACH);
}
