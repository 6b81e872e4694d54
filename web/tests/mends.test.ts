import { describe, expect, it } from "vitest";

import { mendedEnd, mendedMail, mendedUrl, mendedVpa } from "@/features/qr/fields/mends";

describe("a form doubts what was probably mistyped", () => {
  it.each([
    ["htps://sharma.in/menu", "https://sharma.in/menu"],
    ["http//sharma.in", "http://sharma.in"],
    ["https:/sharma.in", "https://sharma.in"],
    ["sharma.con/menu?x=1", "sharma.com/menu?x=1"],
    ["https://www,sharma,cmo", "https://www.sharma.com"],
    ["ww.sharma.in", "www.sharma.in"],
  ])("%s is probably %s", (typed, meant) => expect(mendedUrl(typed)).toBe(meant));

  it.each([
    "https://sharma.in",
    "http://sharma.in:8000/a,b.con",
    "sharma.in/http//x",
    "www.sharma.com",
    "tp.example/path",
    "localhost",
    "",
    "दुकान.भारत",
  ])("the address %s is left", (typed) => expect(mendedUrl(typed)).toBeNull());

  it.each([
    ["sunita@gmial.com", "sunita@gmail.com"],
    ["sunita@gmail.con", "sunita@gmail.com"],
    ["sunita@yaho.co.in", "sunita@yahoo.co.in"],
    ["sunita@sharmasweets.cmo", "sunita@sharmasweets.com"],
  ])("%s is probably %s", (typed, meant) => expect(mendedMail(typed)).toBe(meant));

  it.each([
    "sunita@gmail.com",
    "sunita@ymail.com",
    "sunita@mail.com",
    "sunita@sharma.in",
    "sunita@",
    "sunita",
  ])("the mail address %s is left", (typed) => expect(mendedMail(typed)).toBeNull());

  it("knows the endings of UPI IDs", () => {
    expect(mendedVpa("sharma@okhdfcbnk")).toBe("sharma@okhdfcbank");
    for (const right of ["sharma@okaxis", "sharma@ybl", "sharma@axis", "sharma@upi"])
      expect(mendedVpa(right)).toBeNull();
  });

  it("reads an end before the beginning as the evening's", () => {
    expect(mendedEnd("2026-11-24T10:00", "2026-11-24T06:00")).toBe("2026-11-24T18:00");
    expect(mendedEnd("2026-11-24T10:00", "2026-11-24T11:00")).toBeNull();
    expect(mendedEnd("2026-11-24T19:00", "2026-11-24T06:00")).toBeNull();
    expect(mendedEnd("2026-11-24T10:00", "2026-11-23T06:00")).toBeNull();
    expect(mendedEnd("", "2026-11-24T06:00")).toBeNull();
  });
});
