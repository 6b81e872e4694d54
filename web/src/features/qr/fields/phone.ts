import { homeZone } from "./zones";

/** Codes of countries by their two letters, such as `{ IN: "91" }`. */
export type CallingCodes = Record<string, string>;

export type PhoneParts = { region: string; national: string };

/** The longest number of a service, such as 56161, which has no country. */
const SHORT = 6;

/** A number in its country and what is dialled there; what begins with no known country stays whole. */
export function phoneParts(number: string, codes: CallingCodes, region: string): PhoneParts {
  const digits = number.replace(/[^\d+]/g, "");
  const begins = (code: string) => digits.startsWith(`+${code}`);
  const found = [region, ...Object.keys(codes)].find((name) => begins(codes[name] ?? "?"));
  if (!found) return { region, national: number };
  const code = codes[found] ?? "";
  return { region: found, national: after(number, code.length + 1) };
}

/** What is written of `number` after its first `count` digits or plus signs. */
function after(number: string, count: number): string {
  let left = count;
  let position = 0;
  for (; left > 0 && position < number.length; position += 1) {
    if (/[\d+]/.test(number[position] ?? "")) left -= 1;
  }
  return number.slice(position).trimStart();
}

/** The whole number; one that was typed with its country, or a short one where those work, stays as it is. */
export function wholeNumber(
  typed: string,
  region: string,
  codes: CallingCodes,
  shortOnesWork: boolean,
): string {
  const text = typed.trimStart();
  if (text === "" || text.startsWith("+") || text.startsWith("00")) return text;
  if (shortOnesWork && text.replace(/\D/g, "").length <= SHORT) return text;
  return `+${codes[region] ?? ""} ${text}`;
}

/** The country in which this browser is, as far as it tells. */
export function homeRegion(): string {
  if (homeZone() === "Asia/Kolkata") return "IN";
  const named = navigator.languages.map((language) => new Intl.Locale(language).region).find(Boolean);
  return named ?? "IN";
}
