import { hourOf, weekdayOf } from "@/lib/days";

/** A step of a series, as far as it matters here. */
export type Step = { start: string; hits: number };

/** Scans of each of the 24 local hours. */
export function byHour(data: Step[], timeZone: string): number[] {
  const hours = Array<number>(24).fill(0);
  for (const { start, hits } of data) {
    const hour = hourOf(new Date(start), timeZone);
    hours[hour] = (hours[hour] ?? 0) + hits;
  }
  return hours;
}

/**
 * A usual day of the weekday of `today`: the mean of the same weekdays before it that had any scan.
 * `null` as long as there was none, because then nothing is usual yet.
 */
export function usualDay(before: Step[], today: Date, timeZone: string): number[] | null {
  const weekday = weekdayOf(today, timeZone);
  const same = before.filter(
    ({ start, hits }) => hits > 0 && weekdayOf(new Date(start), timeZone) === weekday,
  );
  const days = new Set(same.map(({ start }) => new Date(start).toLocaleDateString("en-CA", { timeZone })));
  if (days.size === 0) return null;
  return byHour(same, timeZone).map((hits) => hits / days.size);
}

export const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/** The hour with the most, if there is any. */
export function busiest(hours: number[]): number | null {
  const most = Math.max(...hours);
  return most > 0 ? hours.indexOf(most) : null;
}
