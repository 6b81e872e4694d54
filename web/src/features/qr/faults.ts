import { useLingui } from "@lingui/react/macro";

import { ApiProblem } from "@/lib/api/problem";

/** The fault at a field of the content in the reader's language; a new kind of fault keeps the server's words. */
export function useFieldFault(error: unknown): (field: string) => string | undefined {
  const { t } = useLingui();
  const words: Record<string, string> = {
    url_missing: t`Write where the code should lead, such as example.com.`,
    url_invalid: t`This is no web address. It looks like example.com.`,
    url_scheme: t`Only web addresses work here: they begin with http:// or https://.`,
    url_too_long: t`This address is too long. Use a shorter one.`,
    text_missing: t`Write the text that the phone should show.`,
    ssid_length: t`The name of a network has 1 to 32 letters.`,
    wifi_password: t`A Wi-Fi password has 8 to 63 letters, digits or signs. If there is none, choose “No password”.`,
    vpa_invalid: t`A UPI ID has an @ in it, for example sharma@bank.`,
    amount_invalid: t`Write the amount in rupees, such as 120.50, or leave it out.`,
    phone_invalid: t`This is no phone number. Write it as people dial it.`,
    email_invalid: t`This is no e-mail address. It looks like name@example.com.`,
    name_missing: t`A contact needs a name: first, last, or the shop’s.`,
    control_character: t`There is an invisible character in this text. Type it anew.`,
  };
  return (field) => {
    if (!(error instanceof ApiProblem)) return undefined;
    const fault = error.faults.find(({ pointer }) => pointer.endsWith(`/${field}`));
    return fault && (words[fault.code] ?? fault.detail);
  };
}
