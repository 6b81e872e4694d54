export type Point = readonly [x: number, y: number];

/** A smooth line through points from left to right; it never bends above or below its neighbours. */
export function curve(points: Point[]): string {
  return points
    .map(([x, y], index) => {
      const before = points[index - 1];
      if (!before) return `M${x.toFixed(1)} ${y.toFixed(1)}`;
      const middle = ((before[0] + x) / 2).toFixed(1);
      return `C${middle} ${before[1].toFixed(1)} ${middle} ${y.toFixed(1)} ${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
}

/** Values as points in a box; the largest of `scale` touches the top. */
export function plot(
  values: number[],
  box: { width: number; top: number; bottom: number },
  scale = values,
): Point[] {
  const most = Math.max(1, ...scale);
  const step = box.width / Math.max(1, values.length - 1);
  return values.map((value, index) => [index * step, box.bottom - (value / most) * (box.bottom - box.top)]);
}
