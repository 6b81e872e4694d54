import type { Content } from "@/lib/api/types";

import { homeRegion } from "./fields/phone";
import { positionIn } from "./fields/position";

const VPA = /^[a-z0-9._-]{2,255}@[a-z][a-z0-9]{1,63}$/i;
const MAIL = /^[^\s@/:]+@[^\s@/]+\.[^\s@/.]{2,}$/;
const ADDRESS = /^(https?:\/\/\S+|[^\s@/]+\.[^\s@/.]{2,}(\/\S*)?)$/i;
/** Two numbers with a point each, or the address of a place: nobody means a price or a date by that. */
const PLACE = /^(geo:|\(?-?\d+\.\d+[\s,;]+-?\d+\.\d+)/i;

/** What pasted text is meant to be; `null` when it could be anything. */
export function detect(pasted: string): Content | null {
  const text = pasted.trim();
  if (/^BEGIN:VCARD/i.test(text)) return vcard(text);
  const [, scheme = "", rest = ""] = /^([a-z]+):(.+)$/is.exec(text) ?? [];
  const read = SCHEMES[scheme.toLowerCase()];
  if (read) return read(rest, text);
  const place = PLACE.test(text) ? positionIn(text) : null;
  if (place) return { type: "location", ...place };
  const number = phone(text);
  if (number) return { type: "whatsapp", number };
  if (VPA.test(text)) return { type: "upi", vpa: text, name: "" };
  if (MAIL.test(text)) return { type: "email", to: text };
  if (ADDRESS.test(text)) return { type: "url", url: text };
  if (/\s/.test(text)) return { type: "text", text };
  return null;
}

/** A phone number: ten digits as India dials them, or any with its country. */
function phone(text: string): string | null {
  if (!/^\+?[\d\s().-]+$/.test(text)) return null;
  const digits = text.replace(/\D/g, "");
  if (text.startsWith("+")) return digits.length >= 8 && digits.length <= 15 ? text : null;
  const national = digits.replace(/^0/, "");
  if (!/^[6-9]\d{9}$/.test(national)) return null;
  return homeRegion() === "IN" ? `+91 ${national.slice(0, 5)} ${national.slice(5)}` : text;
}

const SCHEMES: Record<string, (rest: string, text: string) => Content> = {
  wifi,
  upi: (_rest, text) => upi(text),
  tel: (number) => ({ type: "phone", number }),
  sms: (rest) => message(rest.split("?")[0] ?? "", query(rest).get("body")),
  smsto: (rest) => message(rest.split(":")[0] ?? "", rest.split(":").slice(1).join(":")),
  mailto: (rest) => ({
    type: "email",
    to: decoded(rest.split("?")[0] ?? ""),
    subject: query(rest).get("subject") ?? "",
  }),
  bitcoin: (rest) => ({
    type: "bitcoin",
    address: rest.split("?")[0],
    amount: query(rest).get("amount") ?? "",
    label: query(rest).get("label") ?? "",
  }),
  lightning: (request) => ({ type: "lightning", request }),
};

function message(number: string, text: string | null): Content {
  return { type: "sms", number, text: text ?? "" };
}

function query(text: string): URLSearchParams {
  return new URLSearchParams(text.split("?").slice(1).join("?"));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function wifi(text: string): Content {
  const fields: Record<string, string> = {};
  for (const [, key = "", value = ""] of text.matchAll(/([A-Z]+):((?:\\.|[^;\\])*);/gi)) {
    fields[key.toUpperCase()] = value.replace(/\\(.)/g, "$1");
  }
  return { type: "wifi", ssid: fields["S"] ?? "", password: fields["P"] ?? "" };
}

function upi(text: string): Content {
  const query = new URLSearchParams(text.slice(text.indexOf("?")));
  // A bank's signature covers every letter of its link.
  if (query.get("sign")) return { type: "upi_link", link: text };
  return {
    type: "upi",
    vpa: query.get("pa") ?? "",
    name: query.get("pn") ?? "",
    amount: query.get("am") ?? "",
  };
}

function vcard(text: string): Content {
  const line = (name: string) => new RegExp(`^${name}[^:\\n]*:(.*)$`, "im").exec(text)?.[1]?.trim() ?? "";
  return { type: "vcard", first_name: line("FN"), mobile: line("TEL"), email: line("EMAIL") };
}
