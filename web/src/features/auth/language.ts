import { chooseLocale, type Locale } from "@/lib/i18n";

import { usePatchMe } from "./api";

/** Switches the language on this device and for mails. */
export function useLanguage(): (locale: Locale) => void {
  const patch = usePatchMe();
  return (locale) => {
    void chooseLocale(locale);
    patch.mutate({ locale });
  };
}
