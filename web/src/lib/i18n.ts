import { i18n } from "@lingui/core";

import { remember, remembered } from "./memory";

export type Locale = "en" | "hi";

/** Each language's own name, so that its readers find it. */
export const LOCALES: { value: Locale; name: string }[] = [
  { value: "en", name: "English" },
  { value: "hi", name: "हिन्दी" },
];

/** Digits stay 0–9 in Hindi; only their grouping is Indian. */
const FORMAT: Record<Locale, string> = { en: "en-IN", hi: "hi-IN-u-nu-latn" };

const catalogues: Record<Locale, () => Promise<{ messages: Parameters<typeof i18n.load>[1] }>> = {
  en: () => import("../locales/en/messages.po"),
  hi: () => import("../locales/hi/messages.po"),
};

export function isLocale(value: string | null | undefined): value is Locale {
  return value === "en" || value === "hi";
}

export function preferredLocale(): Locale {
  const chosen = remembered("locale");
  if (isLocale(chosen)) return chosen;
  return navigator.languages.some((language) => /^hi\b/i.test(language)) ? "hi" : "en";
}

export async function activateLocale(locale: Locale) {
  const { messages } = await catalogues[locale]();
  i18n.loadAndActivate({ locale, locales: [FORMAT[locale]], messages });
  document.documentElement.lang = locale;
  document.documentElement.dir = "ltr";
}

/** Switches the language on this device. */
export async function chooseLocale(locale: Locale) {
  remember("locale", locale);
  await activateLocale(locale);
}

export function currentLocale(): Locale {
  return isLocale(i18n.locale) ? i18n.locale : "en";
}

/** The tag for `Intl`, with Indian grouping. */
export function formatLocale(): string {
  return FORMAT[currentLocale()];
}
