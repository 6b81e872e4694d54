import { currentLocale, formatLocale } from "./i18n";

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(formatLocale()).format(value);
}

/** A share between 0 and 1 in whole per cent; what is there but below one half says so. */
export function formatShare(share: number): string {
  const percent = new Intl.NumberFormat(formatLocale(), { style: "percent", maximumFractionDigits: 0 });
  return share > 0 && share < 0.005 ? `<\u00a0${percent.format(0.01)}` : percent.format(share);
}

export function formatDate(
  value: string | Date,
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
): string {
  return new Intl.DateTimeFormat(formatLocale(), { timeZone, ...options }).format(new Date(value));
}

export function formatDay(value: string | Date, timeZone: string): string {
  return formatDate(value, timeZone, { day: "numeric", month: "short" });
}

export function formatLongDay(value: string | Date, timeZone: string): string {
  return formatDate(value, timeZone, { weekday: "long", day: "numeric", month: "long" });
}

/** "8 am", and as Hindi says it: "सुबह 8". */
export function formatHour(value: string | Date, timeZone: string): string {
  const period = currentLocale() === "hi" ? ({ dayPeriod: "short" } as const) : {};
  return formatDate(value, timeZone, { hour: "numeric", hour12: true, ...period });
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "2 minutes ago"; below a minute "now" in the reader's words. */
export function formatAgo(value: string | Date, now = Date.now()): string {
  const seconds = Math.max(0, (now - new Date(value).getTime()) / 1000);
  const relative = new Intl.RelativeTimeFormat(formatLocale(), { numeric: "auto" });
  for (const [unit, size] of STEPS) {
    if (seconds >= size) return relative.format(-Math.floor(seconds / size), unit);
  }
  return relative.format(0, "second");
}

/** The name of a country in the reader's language, from its ISO 3166 code. */
export function countryName(code: string): string {
  try {
    return new Intl.DisplayNames(formatLocale(), { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(formatLocale(), { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** An address as people say it: without scheme, `www.` and a closing slash. */
export function shownAddress(url: string): string {
  return url.replace(/^https?:\/\/(www\.)?/i, "").replace(/\/$/, "");
}

/** A measure in the reader's words: "4 ms". */
export function formatUnit(
  value: number,
  name: string,
  digits = 0,
  unitDisplay: "short" | "long" = "short",
): string {
  return new Intl.NumberFormat(formatLocale(), {
    style: "unit",
    unit: name,
    unitDisplay,
    maximumFractionDigits: digits,
  }).format(value);
}

const SIZES: [string, number][] = [
  ["terabyte", 1e12],
  ["gigabyte", 1e9],
  ["megabyte", 1e6],
  ["kilobyte", 1e3],
];

/** Bytes in their nearest decimal unit: "21 GB", "1 byte". */
export function formatBytes(bytes: number): string {
  for (const [name, size] of SIZES) {
    if (bytes >= size) return formatUnit(bytes / size, name, bytes < 10 * size ? 1 : 0);
  }
  return formatUnit(bytes, "byte", 0, "long");
}
