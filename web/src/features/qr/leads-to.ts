import { useLingui } from "@lingui/react/macro";

import type { Code } from "@/lib/api/types";
import { shownAddress } from "@/lib/format";

import { textIn } from "./content";

/** The fields that tell one code of a type from another. */
const TELLING: Record<string, string[]> = {
  whatsapp: ["number", "text"],
  phone: ["number"],
  sms: ["number", "text"],
  email: ["to", "subject"],
  location: ["latitude", "longitude"],
  event: ["title", "location"],
  sepa: ["name", "text"],
  swiss_qr_bill: ["name", "message"],
  bitcoin: ["label", "address"],
  lightning: ["request"],
  ethereum: ["address"],
  gs1_digital_link: ["gtin", "lot", "serial"],
};

/** One line about where a code leads or what it holds, without secrets. */
export function useLeadsTo(): (code: Code) => string {
  const { t } = useLingui();
  return ({ content, link }) => {
    const field = (name: string) => textIn(content, name);
    switch (content.type) {
      case "url":
        return shownAddress(link?.destination ?? field("url"));
      case "wifi": {
        const network = field("ssid");
        return t`Network “${network}”`;
      }
      case "upi": {
        const payee = field("vpa");
        return t`UPI, every app: ${payee}`;
      }
      case "vcard": {
        const person = [field("first_name"), field("last_name")].join(" ").trim() || field("organization");
        return t`Contact: ${person}`;
      }
      case "text":
        return field("text").split("\n")[0] ?? "";
      default:
        return (
          TELLING[content.type]?.map(field).filter(Boolean).join(", ") ??
          shownAddress(link?.destination ?? "")
        );
    }
  };
}
