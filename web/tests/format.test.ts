import { beforeEach, describe, expect, it } from "vitest";

import { fileName } from "@/lib/download";
import { formatAgo, formatHour, formatNumber, formatShare, shownAddress } from "@/lib/format";
import { activateLocale } from "@/lib/i18n";

describe("figures", () => {
  it("are grouped the Indian way", () => {
    expect(formatNumber(124500)).toBe("1,24,500");
  });

  it("keep the digits 0 to 9 in Hindi", async () => {
    await activateLocale("hi");
    expect(formatNumber(124500)).toBe("1,24,500");
    expect(document.documentElement.lang).toBe("hi");
  });

  it("never round a share that is there down to nothing", () => {
    expect(formatShare(0)).toBe("0%");
    expect(formatShare(0.001)).toBe("<\u00a01%");
    expect(formatShare(0.744)).toBe("74%");
  });
});

describe("times", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");

  it("are told by their distance", () => {
    expect(formatAgo("2026-11-22T11:58:00Z", now)).toBe("2 minutes ago");
    expect(formatAgo("2026-11-20T11:58:00Z", now)).toBe("2 days ago");
    expect(formatAgo("2026-11-22T12:00:09Z", now)).toBe("now");
  });

  describe("in Hindi", () => {
    beforeEach(() => activateLocale("hi"));

    it("have their part of the day", () => {
      expect(formatHour("2026-11-22T02:30:00Z", "Asia/Kolkata")).toBe("सुबह 8");
    });

    it("are told in Hindi", () => {
      expect(formatAgo("2026-11-22T11:58:00Z", now)).toContain("2 मिनट");
    });
  });
});

describe("names", () => {
  it("of addresses leave out what nobody says", () => {
    expect(shownAddress("https://www.sharmasweets.example/")).toBe("sharmasweets.example");
    expect(shownAddress("http://sharmasweets.example/menu")).toBe("sharmasweets.example/menu");
  });

  it("of files keep every script and lose what no system can carry", () => {
    expect(fileName("टेबल का मेन्यू", "png")).toBe("टेबल-का-मेन्यू.png");
    expect(fileName('a/b\\c:"d"\u0000', "svg")).toBe("a-b-c-d.svg");
    expect(fileName("  ", "svg")).toBe("code.svg");
  });
});
