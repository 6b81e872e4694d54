import { describe, expect, it } from "vitest";

import { fieldsOf } from "@/features/qr/schema";
import { initialsOf } from "@/features/auth/initials";

describe("a form from a JSON Schema", () => {
  const fields = fieldsOf({
    type: "wifi",
    title: { en: "Wi-Fi", hi: "वाई-फ़ाई" },
    help: { en: "", hi: "" },
    kinds: ["fixed"],
    default_kind: "fixed",
    schema: {
      required: ["ssid"],
      properties: {
        type: { const: "wifi" },
        ssid: { "x-label": { en: "Name", hi: "नाम" } },
        security: {
          default: "wpa",
          "x-label": { en: "Protection", hi: "सुरक्षा" },
          "x-widget": "choice",
          "x-options": { wpa: { en: "Password", hi: "पासवर्ड" }, none: { en: "None", hi: "नहीं" } },
        },
        hidden: {
          default: false,
          "x-label": { en: "Hidden", hi: "छिपा" },
          "x-widget": "switch",
          "x-more": true,
        },
      },
    },
  });

  it("has every field but the type, in order", () => {
    expect(fields.map(({ name }) => name)).toEqual(["ssid", "security", "hidden"]);
  });

  it("knows what is needed, folded away, and where it begins", () => {
    expect(fields.map(({ needed }) => needed)).toEqual([true, false, false]);
    expect(fields.map(({ more }) => more)).toEqual([false, false, true]);
    expect(fields.map(({ initial }) => initial)).toEqual(["", "wpa", false]);
    expect(fields[1]?.options.map(({ value }) => value)).toEqual(["wpa", "none"]);
  });
});

describe("initials", () => {
  it.each([
    ["Sunita Sharma", "SS"],
    ["सुनीता शर्मा", "सु"],
    ["sunita@sharmasweets.example", "S"],
    ["", ""],
  ])("of %s are %s", (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});
