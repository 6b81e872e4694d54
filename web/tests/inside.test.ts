import { describe, expect, it } from "vitest";

import { insideOnly } from "@/lib/inside";

describe("where somebody goes after signing in", () => {
  it.each(["/app", "/app/codes?q=menu&show=paused", "/app/codes/qr_1#counts", "/app?x=1"])(
    "%s",
    (address) => {
      expect(insideOnly(address)).toBe(address);
    },
  );

  it.each([
    "/application",
    "/app.evil.example",
    "//evil.example/app",
    "\\\\evil.example/app",
    "https://evil.example/app",
    "javascript:alert(1)//app",
    "/app/..//evil.example",
    "/api/v1/me",
    "http://",
    "",
    undefined,
    7,
  ])("never %s", (address) => {
    expect(insideOnly(address)).toBeUndefined();
  });
});
