import { useLingui } from "@lingui/react/macro";

import type { Code } from "@/lib/api/types";
import { shownAddress } from "@/lib/format";

import { textIn } from "./content";

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
      default:
        return field("text").split("\n")[0] ?? "";
    }
  };
}
