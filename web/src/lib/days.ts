/** Days in the zone of a shop. All results are instants; a day begins at its own midnight, also when clocks change. */

function parts(instant: Date, timeZone: string) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const found: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instant)) found[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found;
  return { year, month, day, hour, minute, second };
}

function offset(instant: Date, timeZone: string): number {
  const { year, month, day, hour, minute, second } = parts(instant, timeZone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant.getTime() / 1000) * 1000;
}

/** The first instant of a local calendar day. */
export function startOfLocalDay(year: number, month: number, day: number, timeZone: string): Date {
  const wall = Date.UTC(year, month - 1, day);
  const guess = new Date(wall - offset(new Date(wall), timeZone));
  return new Date(wall - offset(guess, timeZone));
}

/** The start of today in `timeZone`, or of the day `shift` days later. */
export function startOfDay(timeZone: string, shift = 0, now = new Date()): Date {
  const { year, month, day } = parts(now, timeZone);
  return startOfLocalDay(year, month, day + shift, timeZone);
}

/** The start of a day that a date field gave as `YYYY-MM-DD`. */
export function startOfDate(date: string, timeZone: string, shift = 0): Date {
  const [year = 1970, month = 1, day = 1] = date.split("-").map(Number);
  return startOfLocalDay(year, month, day + shift, timeZone);
}

/** The local day as a date field wants it. */
export function isoDate(instant: Date, timeZone: string): string {
  const { year, month, day } = parts(instant, timeZone);
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

export function hourOf(instant: Date, timeZone: string): number {
  return parts(instant, timeZone).hour;
}

/** 0 is Sunday. */
export function weekdayOf(instant: Date, timeZone: string): number {
  const { year, month, day } = parts(instant, timeZone);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}
