import { describe, expect, it } from "vitest";

import {
  contrastOf,
  cssOf,
  fillOf,
  forDarkGround,
  inverted,
  isSameLook,
  type Look,
  luminanceOf,
  withFill,
} from "@/features/qr/look/design";
import { wholeColour } from "@/features/qr/look/colour-field";
import { mergePatch } from "@/features/qr/merge-patch";

const night: Look = { modules: { shape: "dots", fill: { color: "#1f2f6b" } } };

describe("a look", () => {
  it("has the API's defaults where nothing is said", () => {
    expect(fillOf({}, "dots")).toEqual({ color: "#000000" });
    expect(fillOf({}, "background")).toEqual({ color: "#ffffff" });
    expect(fillOf({ background: { fill: null } }, "background")).toBeNull();
    expect(fillOf({}, "frames")).toBeNull();
  });

  it("takes a colour for one part and keeps the others", () => {
    const look = withFill({ ...night, frame: { kind: "banner", text: "Hi" } }, "words", { color: "#ffffff" });
    expect(look.frame).toEqual({ kind: "banner", text: "Hi", text_fill: { color: "#ffffff" } });
    expect(withFill(look, "words", null).frame).toEqual({ kind: "banner", text: "Hi" });
    expect(look.modules).toEqual(night.modules);
    expect(withFill(night, "border", { color: "#ffffff" })).toEqual(night);
  });

  it("knows its contrast, also of gradients and of each corner", () => {
    expect(contrastOf({})).toBeCloseTo(21);
    expect(contrastOf({ background: { fill: null } })).toBeCloseTo(21);
    expect(contrastOf({ eyes: { ball: { fill: { color: "#777777" } } } })).toBeCloseTo(4.48, 2);
    const fading: Look = {
      modules: {
        fill: {
          gradient: {
            kind: "linear",
            stops: [
              { at: 0, color: "#000000" },
              { at: 1, color: "#ffffff" },
            ],
          },
        },
      },
    };
    expect(contrastOf(fading)).toBe(1);
  });

  it("turns light and dark round and back again", () => {
    const once = inverted(night);
    expect(fillOf(once, "background")).toEqual({ color: "#1f2f6b" });
    expect(fillOf(once, "dots")).toEqual({ color: "#ffffff" });
    expect(isSameLook(inverted(once), { ...night, background: { fill: { color: "#ffffff" } } })).toBe(true);
  });

  it("for a dark wall is dark on a light plate of its own, its edge whole", () => {
    for (const look of [night, inverted(night), { ...night, background: { fill: null }, quiet_zone: 0 }]) {
      const plate = forDarkGround(look, 4);
      expect(plate.quiet_zone).toBe(4);
      expect(luminanceOf("#ffffff")).toBe(1);
      expect(fillOf(plate, "background")).toEqual({ color: "#ffffff" });
      expect(contrastOf(plate)).toBeGreaterThan(7);
    }
  });

  it("is drawn in CSS with the API's angle", () => {
    const stops = [
      { at: 0, color: "#000000" },
      { at: 1, color: "#0b5a5f" },
    ];
    expect(cssOf({ gradient: { kind: "linear", angle: 45, stops } })).toBe(
      "linear-gradient(135deg, #000000 0%, #0b5a5f 100%)",
    );
    expect(cssOf({ gradient: { kind: "radial", stops } })).toBe("radial-gradient(#000000 0%, #0b5a5f 100%)");
    expect(cssOf(null)).toBe("transparent");
  });

  it("is the same whatever the order of its members", () => {
    expect(isSameLook({ outline: "circle", quiet_zone: 4 }, { quiet_zone: 4, outline: "circle" })).toBe(true);
    expect(isSameLook(night, { ...night, frame: null })).toBe(true);
    expect(isSameLook(night, {})).toBe(false);
  });
});

describe("a typed colour", () => {
  it.each([
    ["#0B5A5F", "#0b5a5f"],
    ["0b5a5f", "#0b5a5f"],
    [" #abc ", "#aabbcc"],
    ["#0b5a5", null],
    ["blue", null],
    ["", null],
  ])("%s", (raw, colour) => expect(wholeColour(raw)).toBe(colour));
});

describe("a merge patch", () => {
  it("says only what differs, and null for what is gone", () => {
    expect(mergePatch({ a: 1, b: { c: 2, d: 3 } }, { a: 1, b: { c: 2, d: 4 } })).toEqual({ b: { d: 4 } });
    expect(mergePatch({ fill: { gradient: { kind: "radial" } } }, { fill: { color: "#000000" } })).toEqual({
      fill: { gradient: null, color: "#000000" },
    });
    expect(mergePatch({ a: [1, 2] }, { a: [2] })).toEqual({ a: [2] });
  });

  it("is none where both say the same", () => {
    expect(mergePatch({ a: null, b: [1] }, { b: [1] })).toBeUndefined();
  });
});
