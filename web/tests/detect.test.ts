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
    ["+44 20 7946 0018", "whatsapp"],
    ["98290 00000", "whatsapp"],
    ["098290-00000", "whatsapp"],
    ["tel:+919829000000", "phone"],
    ["SMSTO:+919829000000:Two: please", "sms"],
    ["sunita@sharmasweets.example", "email"],
    ["mailto:sunita@sharmasweets.example?subject=Order", "email"],
    ["26.912434, 75.787270", "location"],
    ["geo:26.912434,75.787270", "location"],
    ["bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT?amount=0.5", "bitcoin"],
    ["lightning:sharma@pay.example", "lightning"],
  ])("%s is %s", (pasted, type) => {
    expect(detect(pasted)?.type).toBe(type);
  });

  it.each(["sharma", "12345", "9829000000000", ""])("%s could be anything", (pasted) => {
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

  it("keeps number and message apart, and reads an address as it is meant", () => {
    expect(detect("SMSTO:+919829000000:Two: please")).toEqual({
      type: "sms",
      number: "+919829000000",
      text: "Two: please",
    });
    expect(detect("bitcoin:1Boat?amount=0.5&label=Tea%20stall")).toEqual({
      type: "bitcoin",
      address: "1Boat",
      amount: "0.5",
      label: "Tea stall",
    });
    expect(detect("26.912434, 75.787270")).toEqual({
      type: "location",
      latitude: "26.912434",
      longitude: "75.787270",
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
