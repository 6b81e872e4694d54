import type { CodeKind, ContentType } from "@/lib/api/types";
import type { Locale } from "@/lib/i18n";

import type { CallingCodes } from "./fields/phone";
import { homeZone } from "./fields/zones";

export type Words = { en: string; hi: string };
export type Widget =
  | "line"
  | "url"
  | "multiline"
  | "password"
  | "switch"
  | "choice"
  | "phone"
  | "phone_or_short"
  | "email"
  | "amount"
  | "digits"
  | "iban"
  | "country"
  | "place"
  | "day"
  | "moment"
  | "time_zone"
  | "file";

/** A field of a content type's form, as its JSON Schema describes it. */
export type FormField = {
  name: string;
  label: Words;
  help: Words | undefined;
  placeholder: Words | undefined;
  widget: Widget;
  options: { value: string; label: Words }[];
  /** Codes of countries, where the beginning of a number is written for people. */
  callingCodes: CallingCodes | undefined;
  needed: boolean;
  /** Folded away until somebody wants it. */
  more: boolean;
  /** The codes to which it means something; they need it unless it is folded away. */
  kind: CodeKind | undefined;
  /** It stands in every symbol, so that it stays as it was printed. */
  inSymbol: boolean;
  initial: string | boolean;
};

type Property = {
  default?: unknown;
  "x-label"?: Words;
  "x-help"?: Words;
  "x-placeholder"?: Words;
  "x-widget"?: Widget;
  "x-options"?: Record<string, Words>;
  "x-calling-codes"?: CallingCodes;
  "x-more"?: boolean;
  "x-kind"?: CodeKind;
};

export function inLocale(words: Words, locale: Locale): string {
  return words[locale];
}

/** The fields of a content type in their order. The `type` itself is no field. */
export function fieldsOf(type: ContentType): FormField[] {
  const schema = type.schema as {
    properties?: Record<string, Property>;
    required?: string[];
    "x-in-symbol"?: string[];
    "x-one-of"?: string[];
  };
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => name !== "type")
    .map(([name, property]) => ({
      name,
      label: property["x-label"] ?? { en: name, hi: name },
      help: property["x-help"],
      placeholder: property["x-placeholder"],
      widget: property["x-widget"] ?? "line",
      options: Object.entries(property["x-options"] ?? {}).map(([value, label]) => ({ value, label })),
      callingCodes: property["x-calling-codes"],
      // Of several that would do, the first is asked for.
      needed:
        schema.required?.includes(name) ||
        schema["x-one-of"]?.[0] === name ||
        (property["x-kind"] !== undefined && !property["x-more"]),
      more: property["x-more"] ?? false,
      kind: property["x-kind"],
      inSymbol: schema["x-in-symbol"]?.includes(name) ?? false,
      initial: initial(property),
    }));
}

function initial(property: Property): string | boolean {
  if (property["x-widget"] === "time_zone") return homeZone();
  return typeof property.default === "boolean" || typeof property.default === "string"
    ? property.default
    : "";
}

/** Whether the fields are filled in without which a content is nothing. */
export function isEnough(type: ContentType, filled: (field: string) => boolean): boolean {
  const schema = type.schema as { required?: string[]; "x-one-of"?: string[] };
  return (schema.required ?? []).every(filled) && (schema["x-one-of"]?.some(filled) ?? true);
}
