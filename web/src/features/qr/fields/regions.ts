import type { Locale } from "@/lib/i18n";

const LETTERS = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
/** What the standard's list of names has beside countries. */
const NO_COUNTRIES = new Set(["EU", "EZ", "UN", "XA", "XB", "ZZ"]);

const names: Partial<Record<Locale, Intl.DisplayNames>> = {};

/** The name of a country in the reader's language; `undefined` for letters that are none. */
function nameOf(region: string, locale: Locale): string | undefined {
  names[locale] ??= new Intl.DisplayNames(locale, { type: "region", fallback: "none" });
  return names[locale].of(region);
}

/** Whether letters stand for a country by themselves; withdrawn ones stand for its successor. */
function isInUse(region: string): boolean {
  return new Intl.Locale(`und-${region}`).region === region;
}

export function countryName(region: string, locale: Locale): string {
  return nameOf(region, locale) ?? region;
}

/** All countries by name. */
export function countries(locale: Locale): { value: string; label: string }[] {
  return LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
    .filter((region) => !NO_COUNTRIES.has(region) && isInUse(region))
    .flatMap((value) => {
      const label = nameOf(value, locale);
      return label ? [{ value, label }] : [];
    })
    .sort((one, other) => one.label.localeCompare(other.label, locale));
}
