import { describe, expect, it } from "vitest";

import { cleaned, isBegun } from "@/features/qr/content";
import { detect } from "@/features/qr/detect";

describe("pasting decides the kind", () => {
  it.each([
    ["sharma@okhdfcbank", "upi"],
    ["upi://pay?pa=sharma@bank&pn=Sharma%20Sweets&am=120.50", "upi"],
    ["sharmasweets.in", "url"],
    [" https://sharmasweets.in/menu?x=1 ", "url"],
    ["WIFI:T:WPA;S:Sharma Guest;P:ghevar640;;", "wifi"],
    ["BEGIN:VCARD\nVERSION:3.0\nFN:Sunita Sharma\nTEL;TYPE=CELL:+91 98290 00000\nEND:VCARD", "vcard"],
    ["Fresh ghevar every evening", "text"],
  ])("%s is %s", (pasted, type) => {
    expect(detect(pasted)?.type).toBe(type);
  });

  it.each(["sharma", "sunita@sharmasweets.example", ""])("%s could be anything", (pasted) => {
    expect(detect(pasted)).toBeNull();
  });

  it("keeps what was in it", () => {
    expect(detect("WIFI:T:WPA;S:Sharma\\; Guest;P:a\\:b;;")).toEqual({
      type: "wifi",
      ssid: "Sharma; Guest",
      password: "a:b",
    });
    expect(detect("upi://pay?pa=sharma@bank&pn=Sharma%20Sweets&am=120.50")).toEqual({
      type: "upi",
      vpa: "sharma@bank",
      name: "Sharma Sweets",
      amount: "120.50",
    });
  });

  it("leaves a link alone that a bank signed", () => {
    const link = "upi://pay?pa=sharma@bank&pn=Sharma&mc=5411&mode=02&orgid=159002&sign=MEUC+a/b=";
    expect(detect(` ${link}\n`)).toEqual({ type: "upi_link", link });
  });
});

describe("content", () => {
  it("is begun when there is enough to draw", () => {
    expect(isBegun({ type: "url", url: " " })).toBe(false);
    expect(isBegun({ type: "upi", vpa: "a@b", name: "" })).toBe(false);
    expect(isBegun({ type: "vcard", first_name: "", organization: "Sharma" })).toBe(true);
  });

  it("is sent without what was left empty; Wi-Fi without a password is open", () => {
    expect(cleaned({ type: "upi", vpa: "a@b", name: "S", amount: "" })).toEqual({
      type: "upi",
      vpa: "a@b",
      name: "S",
    });
    expect(cleaned({ type: "wifi", ssid: "G", password: "" })).toEqual({
      type: "wifi",
      ssid: "G",
      security: "none",
    });
    expect(cleaned({ type: "wifi", ssid: "G", password: "", security: "wpa" })["security"]).toBe("wpa");
  });
});
