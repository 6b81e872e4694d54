import type { Design } from "@/lib/api/types";

/** A design; every part may be left out and then has the API's default. */
export type Look = Design;
/** One colour, or one that fades into others. */
export type Fill = NonNullable<NonNullable<Look["modules"]>["fill"]>;
export type Gradient = NonNullable<Fill["gradient"]>;

/** What can have a colour of its own. Corners without one have that of the dots. */
export type Painted = "dots" | "frames" | "balls" | "background" | "border" | "words";

export const INK = "#12211f";
const BLACK: Fill = { color: "#000000" };
const WHITE: Fill = { color: "#ffffff" };

/** The fill of a part; null is none: the background is transparent, a corner is as the dots. */
export function fillOf(look: Look, part: Painted): Fill | null {
  switch (part) {
    case "dots":
      return look.modules?.fill ?? BLACK;
    case "frames":
      return look.eyes?.frame?.fill ?? null;
    case "balls":
      return look.eyes?.ball?.fill ?? null;
    case "background":
      return look.background?.fill === undefined ? WHITE : look.background.fill;
    case "border":
      return look.frame?.fill ?? null;
    case "words":
      return look.frame?.text_fill ?? null;
  }
}

export function withFill(look: Look, part: Painted, fill: Fill | null): Look {
  switch (part) {
    case "dots":
      return { ...look, modules: { ...look.modules, fill: fill ?? BLACK } };
    case "frames":
      return { ...look, eyes: { ...look.eyes, frame: { ...look.eyes?.frame, fill } } };
    case "balls":
      return { ...look, eyes: { ...look.eyes, ball: { ...look.eyes?.ball, fill } } };
    case "background":
      return { ...look, background: { ...look.background, fill } };
    case "border":
    case "words": {
      if (!look.frame) return look;
      const { fill: border, text_fill: words, ...rest } = look.frame;
      const fills = { border, words, [part]: fill ?? undefined };
      return {
        ...look,
        frame: {
          ...rest,
          ...(fills.border ? { fill: fills.border } : {}),
          ...(fills.words ? { text_fill: fills.words } : {}),
        },
      };
    }
  }
}

/** The colours of a fill, for a swatch or for judging contrast. */
export function colorsOf(fill: Fill | null): string[] {
  if (!fill) return [];
  return "gradient" in fill && fill.gradient
    ? fill.gradient.stops.map(({ color }) => color)
    : [colorOf(fill)];
}

/** The first colour of a fill. */
export function colorOf(fill: Fill | null): string {
  if (!fill) return "#ffffff";
  return fill.gradient?.stops[0]?.color ?? fill.color?.toLowerCase() ?? "#000000";
}

export function gradientOf(fill: Fill | null): Gradient | null {
  return fill?.gradient ?? null;
}

/** The same colours as CSS has them. The API's angle counts clockwise from left to right, CSS's from the bottom up. */
export function cssOf(fill: Fill | null): string {
  const gradient = gradientOf(fill);
  if (!gradient) return fill ? colorOf(fill) : "transparent";
  const stops = gradient.stops.map(({ at, color }) => `${color} ${Math.round(at * 100)}%`).join(", ");
  return gradient.kind === "radial"
    ? `radial-gradient(${stops})`
    : `linear-gradient(${(gradient.angle ?? 0) + 90}deg, ${stops})`;
}

/** Whether dots and corners have colours of their own. */
export function hasOwnCorners(look: Look): boolean {
  return Boolean(fillOf(look, "frames") ?? fillOf(look, "balls"));
}

/** Light dots on a dark ground, or back again. Phones' readers differ in whether they take it. */
export function inverted(look: Look): Look {
  const dots = fillOf(look, "dots");
  const ground = fillOf(look, "background") ?? WHITE;
  const plain = withFill(withFill(look, "dots", ground), "background", dots);
  return withFill(withFill(plain, "frames", null), "balls", null);
}

/** For dark surfaces: the same dark dots on a light plate of their own, with its white edge whole. */
export function forDarkGround(look: Look, edge: number): Look {
  const ground = fillOf(look, "background");
  const plate = ground && luminanceOf(colorOf(ground)) > 0.5 ? look : withFill(look, "background", WHITE);
  const dark =
    luminanceOf(colorOf(fillOf(plate, "dots"))) < 0.5 ? plate : withFill(plate, "dots", { color: INK });
  return { ...dark, quiet_zone: Math.max(look.quiet_zone ?? edge, edge) };
}

/** Relative luminance, 0 to 1 (WCAG 2.2). */
export function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The least contrast of dots and corners with what is behind them, 1 to 21 (WCAG 2.2). */
export function contrastOf(look: Look): number {
  const ground = colorsOf(fillOf(look, "background") ?? WHITE).map(luminanceOf);
  const marks = (["dots", "frames", "balls"] as const).flatMap((part) =>
    colorsOf(fillOf(look, part)).map(luminanceOf),
  );
  return Math.min(
    ...marks.flatMap((mark) =>
      ground.map((behind) => (Math.max(mark, behind) + 0.05) / (Math.min(mark, behind) + 0.05)),
    ),
  );
}

/** Whether two looks are drawn alike: the API fills what was left out, and the order of members means nothing. */
export function isSameLook(one: Look, other: Look): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value)
    .map(([name, item]) => [name, sorted(item)] as const)
    .filter(([, item]) => item !== null && item !== undefined && JSON.stringify(item) !== "{}");
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}
