import type { Content } from "@/lib/api/types";

const VPA = /^[a-z0-9._-]{2,255}@[a-z][a-z0-9]{1,63}$/i;
const ADDRESS = /^(https?:\/\/\S+|[^\s@/]+\.[^\s@/.]{2,}(\/\S*)?)$/i;

/** What pasted text is meant to be; `null` when it could be anything. */
export function detect(pasted: string): Content | null {
  const text = pasted.trim();
  if (/^WIFI:/i.test(text)) return wifi(text.slice(5));
  if (/^upi:\/\/pay\?/i.test(text)) return upi(text);
  if (/^BEGIN:VCARD/i.test(text)) return vcard(text);
  if (VPA.test(text)) return { type: "upi", vpa: text, name: "" };
  if (ADDRESS.test(text)) return { type: "url", url: text };
  if (/\s/.test(text)) return { type: "text", text };
  return null;
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
