import { formatLocale } from "@/lib/i18n";

function unit(value: number, name: string, digits = 0): string {
  return new Intl.NumberFormat(formatLocale(), {
    style: "unit",
    unit: name,
    unitDisplay: "short",
    maximumFractionDigits: digits,
  }).format(value);
}

const LENGTHS: [string, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** A length of time in its nearest unit: "4 ms", "0.4 s", "12 min". */
export function formatDuration(seconds: number): string {
  if (seconds < 0.1) return unit(seconds * 1_000, "millisecond", seconds < 0.01 ? 1 : 0);
  for (const [name, size] of LENGTHS) {
    if (seconds >= size) return unit(Math.floor(seconds / size), name);
  }
  return unit(seconds, "second", seconds < 10 ? 1 : 0);
}

const SIZES: [string, number][] = [
  ["terabyte", 1e12],
  ["gigabyte", 1e9],
  ["megabyte", 1e6],
  ["kilobyte", 1e3],
];

/** Bytes in their nearest decimal unit: "21 GB". */
export function formatBytes(bytes: number): string {
  for (const [name, size] of SIZES) {
    if (bytes >= size) return unit(bytes / size, name, bytes < 10 * size ? 1 : 0);
  }
  return unit(bytes, "byte");
}
