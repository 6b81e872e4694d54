import { useLingui } from "@lingui/react/macro";
import { useId } from "react";

import { formatHour, formatNumber } from "@/lib/format";

import { curve, plot } from "./curve";
import { busiest } from "./usual";

const WIDTH = 600;
const BOX = { width: WIDTH, top: 10, bottom: 90 };

type Props = { line: number[]; usual: number[] | null; from: Date; timeZone: string };

/** Scans of each hour so far; dashed, a usual day of this weekday. */
export function DayCurve({ line, usual, from, timeZone }: Props) {
  const { t } = useLingui();
  const fade = useId();
  const scale = [...line, ...(usual ?? [])];
  const hour = (at: number) => formatHour(new Date(from.getTime() + at * 3_600_000), timeZone);
  const whole = plot(
    Array.from({ length: 24 }, (_, index) => line[index] ?? 0),
    BOX,
    scale,
  );
  const drawn = whole.slice(0, Math.max(1, line.length));
  const last = drawn.at(-1) ?? [0, BOX.bottom];
  const path = curve(drawn);
  const peak = busiest(line);
  const peakHour = peak === null ? "" : hour(peak);
  const peakScans = formatNumber(peak === null ? 0 : (line[peak] ?? 0));
  return (
    <>
      <svg
        className="chart"
        viewBox={`0 0 ${WIDTH} 96`}
        preserveAspectRatio="none"
        role="img"
        aria-label={
          peak === null
            ? t`No scan so far today. Dashed: a usual day.`
            : t`Scans through the day, most at ${peakHour} with ${peakScans}.`
        }
      >
        <defs>
          <linearGradient id={fade} x2="0" y2="1">
            <stop stopColor="#fff" stopOpacity=".28" />
            <stop offset="1" stopColor="#fff" stopOpacity="0" />
          </linearGradient>
        </defs>
        {usual ? (
          <path
            d={curve(plot(usual, BOX, scale))}
            fill="none"
            stroke="#CDE8E6"
            strokeOpacity=".55"
            strokeWidth="1.5"
            strokeDasharray="3 4"
            vectorEffect="non-scaling-stroke"
          />
        ) : null}
        <path d={`${path}V96H0z`} fill={`url(#${fade})`} />
        <path d={path} fill="none" stroke="#fff" strokeWidth="2.5" vectorEffect="non-scaling-stroke" />
        <path
          d={`M${last[0]} ${last[1]}h0`}
          stroke="#FFCB66"
          strokeWidth="11"
          strokeLinecap="round"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <p className="hours" aria-hidden="true">
        {[0, 6, 12, 18, 24].map((at) => (
          <span key={at}>{hour(at)}</span>
        ))}
      </p>
    </>
  );
}
