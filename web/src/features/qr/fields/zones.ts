/** Browsers still know India's zone by the name it had before 1993. */
function today(zone: string): string {
  return zone === "Asia/Calcutta" ? "Asia/Kolkata" : zone;
}

/** The time zone of this browser. */
export function homeZone(): string {
  return today(Intl.DateTimeFormat().resolvedOptions().timeZone || "Asia/Kolkata");
}

/** All time zones, with the one that is chosen. */
export function timeZones(chosen: string): string[] {
  return [...new Set([chosen, ...Intl.supportedValuesOf("timeZone").map(today)])].sort();
}
