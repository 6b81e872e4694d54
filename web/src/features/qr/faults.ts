import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";

import { ApiProblem, isProblem, NetworkProblem } from "@/lib/api/problem";

type Fault = { code: string; detail: string };

/** What is wrong, in the reader's language; a new kind of fault keeps the server's words. */
export function useFaultWords(): (fault: Fault) => string {
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
    amount_invalid: t`Write the amount as a number, such as 120.50, or leave it out.`,
    phone_invalid: t`This is no phone number. Write it as people dial it.`,
    email_invalid: t`This is no e-mail address. It looks like name@example.com.`,
    name_missing: t`A contact needs a name: first, last, or the shop’s.`,
    required: t`This cannot be left empty.`,
    string_too_long: t`This is too long. Shorten it.`,
    too_long: t`This is too long. Shorten it.`,
    phone_without_country: t`Write the number with + and the number of the country, such as +91 98765 43210.`,
    email_missing: t`Write the e-mail address, such as name@example.com.`,
    message_too_long: t`This message is too long for a code. Shorten it.`,
    no_place_for_it: t`The small form has no place for this. Leave it out, or choose vCard.`,
    position_invalid: t`Write it in degrees as a number, such as 26.912434.`,
    review_missing: t`Paste the link to your reviews.`,
    review_twice: t`The link is enough. Leave one of both out.`,
    place_id_invalid: t`This is no Google place ID. Copy it anew, without spaces.`,
    moment_invalid: t`Write day and time, or choose whole days.`,
    moment_skipped: t`The clocks skip this time on that day (summer time). Choose another one.`,
    ends_before: t`It ends before it begins.`,
    time_zone_invalid: t`Choose a time zone from the list.`,
    gtin_invalid: t`A digit of this number is mistyped or missing. Compare it with the barcode.`,
    gs1_key_missing: t`Write the number of a product, a place, a parcel or an asset.`,
    gs1_key_twice: t`A code stands for one thing. Leave this number or the other one out.`,
    gs1_key_other: t`The number above has no such part. Leave this out.`,
    gln_invalid: t`A digit of this number is mistyped or missing. It is the number that GS1 gave to the place.`,
    sscc_invalid: t`A digit of this number is mistyped or missing. Compare it with the parcel’s label.`,
    grai_invalid: t`A digit of this number is mistyped or missing. Compare it with the asset.`,
    gs1_characters: t`At most 20 letters, digits and signs, without spaces.`,
    day_invalid: t`Write the day as 2026-12-31, or only the month as 2026-12.`,
    resolver_invalid: t`Write only the start of the address, such as id.example.com.`,
    iban_invalid: t`A letter or digit of this IBAN is mistyped or missing. Compare it with the bank’s papers.`,
    bic_invalid: t`This is no BIC. It has 8 or 11 letters and digits.`,
    bic_missing: t`Accounts of this country need the bank’s BIC too.`,
    purpose_invalid: t`A purpose is a code of up to four letters.`,
    reference_invalid: t`This reference is not right. A letter or digit is mistyped or missing.`,
    reference_missing: t`A reference is needed here.`,
    reference_twice: t`Leave out either the text or the reference.`,
    merchant_code_invalid: t`A merchant category has four digits.`,
    payment_too_long: t`All the texts together are too long for a payment code. Shorten them.`,
    character_unknown: t`The Swiss payment system knows Latin letters only.`,
    country_invalid: t`Choose a country from the list.`,
    debtor_incomplete: t`A payer has a name, a postcode, a town and a country. Write all of them, or none.`,
    address_invalid: t`A letter or digit of this address is mistyped or missing. Copy it anew.`,
    lightning_invalid: t`Paste an LNURL, a Lightning address or an invoice, whole and unchanged.`,
    duplicate: t`Another line has the same. Each line needs its own.`,
    slug_taken: t`Somebody has this short address already. Choose another one.`,
    slug_reserved: t`Scanly needs this word itself. Choose another one.`,
    external_id_taken: t`Another code has this number.`,
    taken: t`Another code has this number.`,
    missing: t`This cannot be left empty.`,
    letters_in_drawing: t`Letters in this drawing would look different on every device. Turn them into paths and upload it.`,
    no_picture: t`This is no picture. Choose a file that is one: PNG, JPEG, WebP or SVG.`,
    file_not_found: t`There is no such file in this workspace. Upload it again.`,
    control_character: t`There is an invisible character in this text. Type it anew.`,
  };
  return ({ code, detail }) => {
    const line = code === "gs1_links_invalid" ? /^Line (\d+)/.exec(detail)?.[1] : undefined;
    if (line)
      return t`Line ${line} is not right. Write kind, language and address: instructions hi example.com/hi`;
    const excess = code === "too_long" ? /^This is ([\d,]+) character/.exec(detail)?.[1] : undefined;
    if (excess) {
      const over = Number(excess.replaceAll(",", ""));
      return detail.includes("lower error correction")
        ? t`This is ${plural(over, { one: "# character", other: "# characters" })} too long for a code. Shorten it, or choose less toughness in its look.`
        : t`This is ${plural(over, { one: "# character", other: "# characters" })} too long for a code. Shorten it.`;
    }
    return words[code] ?? detail;
  };
}

/** Why something did not work: its first fault, else what the server says of it. */
export function useReason(): (error: unknown) => string {
  const { t } = useLingui();
  const words = useFaultWords();
  return (error) => {
    if (error instanceof NetworkProblem) return t`No network. Try again when it is back.`;
    if (!(error instanceof ApiProblem)) return t`That did not work. Try again.`;
    const [fault] = error.faults;
    return fault ? words(fault) : error.message;
  };
}

/** The fault at a field of the content. */
export function useFieldFault(error: unknown): (field: string) => string | undefined {
  const words = useFaultWords();
  return (field) => {
    if (!(error instanceof ApiProblem)) return undefined;
    const fault = error.faults.find(({ pointer }) => pointer.endsWith(`/${field}`));
    return fault && words(fault);
  };
}

/** The fault of a content as a whole, which stands at no field: there is too much for one code. */
export function useContentFault(error: unknown): string | undefined {
  const words = useFaultWords();
  if (!isProblem(error, 422)) return undefined;
  const fault = error.faults.find(({ pointer }) => pointer === "/content");
  return fault && words(fault);
}

/** Whether something is wrong with what a code holds, so that it can be neither drawn nor saved. */
export function isContentWrong(error: unknown): boolean {
  return isProblem(error, 422) && error.faults.some(({ pointer }) => pointer.startsWith("/content"));
}
