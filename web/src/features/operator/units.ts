import { formatUnit } from "@/lib/format";

const LENGTHS: [string, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** A length of time in its nearest unit: "4 ms", "0.4 s", "12 min". */
export function formatDuration(seconds: number): string {
  if (seconds < 0.1) return formatUnit(seconds * 1_000, "millisecond", seconds < 0.01 ? 1 : 0);
  for (const [name, size] of LENGTHS) {
    if (seconds >= size) return formatUnit(Math.floor(seconds / size), name);
  }
  return formatUnit(seconds, "second", seconds < 10 ? 1 : 0);
}
