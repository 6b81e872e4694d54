import { curve, plot } from "./curve";

/** The last days of one code as a small line; the figures stand beside it. */
export function Spark({ values }: { values: number[] }) {
  const points = plot(values, { width: 99, top: 4, bottom: 30 });
  const last = points.at(-1);
  if (!last || values.every((value) => value === 0)) return <span className="spark" />;
  return (
    <svg className="spark" viewBox="0 0 104 34" width="104" height="34" aria-hidden="true">
      <path d={curve(points)} fill="none" stroke="var(--chart-1)" strokeWidth="2" strokeLinecap="round" />
      <circle
        cx={last[0]}
        cy={last[1]}
        r="3.2"
        fill="var(--c-accent)"
        stroke="var(--c-surface)"
        strokeWidth="1.5"
      />
    </svg>
  );
}
