import { describe, expect, it } from "vitest";

import { phoneParts, wholeNumber } from "@/features/qr/fields/phone";
import { positionIn } from "@/features/qr/fields/position";
import { countries } from "@/features/qr/fields/regions";

const CODES = { IN: "91", DE: "49", US: "1", CA: "1" };

describe("a phone number and its country", () => {
  it.each([
    ["+91 98765 43210", "DE", { region: "IN", national: "98765 43210" }],
    ["+49(0)30 123", "IN", { region: "DE", national: "(0)30 123" }],
    ["+1 202 555", "CA", { region: "CA", national: "202 555" }],
    ["56161", "IN", { region: "IN", national: "56161" }],
    ["+999 1", "IN", { region: "IN", national: "+999 1" }],
    ["", "IN", { region: "IN", national: "" }],
  ])("%s is taken apart", (number, region, parts) => {
    expect(phoneParts(number, CODES, region)).toEqual(parts);
  });

  it.each([
    ["98765 43210", false, "+91 98765 43210"],
    ["+49 30 123", false, "+49 30 123"],
    ["0049 30 123", false, "0049 30 123"],
    ["56161", true, "56161"],
    ["56161", false, "+91 56161"],
    ["9876543", true, "+91 9876543"],
    ["", false, ""],
  ])("%s becomes whole", (typed, shortOnesWork, whole) => {
    expect(wholeNumber(typed, "IN", CODES, shortOnesWork)).toBe(whole);
  });

  it("stays the same while one types it", () => {
    let number = "";
    for (const key of "98765 43210") {
      const { region, national } = phoneParts(number, CODES, "IN");
      number = wholeNumber(national + key, region, CODES, false);
    }
    expect(number).toBe("+91 98765 43210");
  });
});

describe("a place in what was pasted", () => {
  const jaipur = { latitude: "26.9239", longitude: "75.8267" };
  it.each([
    "26.9239, 75.8267",
    "(26.9239 75.8267)",
    "geo:26.9239,75.8267?z=17",
    "https://www.google.com/maps/place/X/@26.1,75.1,17z/data=!3m1!4b1!3d26.9239!4d75.8267",
    "https://www.google.com/maps/@26.9239,75.8267,17z",
    "https://maps.google.com/?q=26.9239,75.8267",
    "https://maps.apple.com/?ll=26.9239%2C75.8267",
    "https://www.openstreetmap.org/?mlat=26.9239&mlon=75.8267#map=17/1/2",
  ])("%s", (text) => {
    expect(positionIn(text)).toEqual(jaipur);
  });

  it.each(["", "26.9239", "95, 75", "10, 200", "Johari Bazaar 42, Jaipur", "https://maps.app.goo.gl/abc"])(
    "%s is none",
    (text) => {
      expect(positionIn(text)).toBeNull();
    },
  );
});

it("knows the countries in both languages", () => {
  const values = (locale: "en" | "hi") => countries(locale).map(({ value }) => value);
  expect(values("en")).toContain("CH");
  expect(values("en")).not.toContain("EU");
  expect(new Set(values("hi"))).toEqual(new Set(values("en")));
  const names = countries("en").map(({ label }) => label);
  expect(new Set(names).size).toBe(names.length);
  expect(countries("hi").find(({ value }) => value === "IN")?.label).toBe("भारत");
});
