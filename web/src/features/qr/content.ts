import type { Content, ContentType } from "@/lib/api/types";

import { homeZone } from "./fields/zones";
import { isEnough } from "./schema";

/** Whether a code with this content can be changed later and counted; else it holds everything itself. */
export function canLead(content: Content): boolean {
  return content.type === "url";
}

/** The text in a field; what is no text yet is empty. */
export function textIn(content: { type: string }, field: string): string {
  const value = (content as Content)[field];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** What the first page asks for, which does not wait for the schemas. */
const ASKED: Record<string, string[]> = {
  url: ["url"],
  text: ["text"],
  wifi: ["ssid"],
  upi: ["vpa", "name"],
  whatsapp: ["number"],
  phone: ["number"],
  email: ["to"],
};

/** Whether there is enough to draw a code from; the server says what is wrong with it. */
export function isBegun(content: Content, type?: ContentType): boolean {
  const filled = (name: string) => textIn(content, name).trim() !== "";
  if (type) return isEnough(type, filled);
  if (content.type === "vcard") return ["first_name", "last_name", "organization"].some(filled);
  return content.type in ASKED && (ASKED[content.type] ?? []).every(filled);
}

/** Without what was left empty; a Wi-Fi without a password is an open one, an event is in the zone of its maker. */
export function cleaned(content: Content): Content {
  const entries = Object.entries(content).filter(([, value]) => value !== "" && value !== undefined);
  const clean = Object.fromEntries(entries) as Content;
  if (clean.type === "wifi" && !clean["password"] && !clean["security"]) clean["security"] = "none";
  if (clean.type === "event") clean["time_zone"] ??= homeZone();
  return clean;
}
