import { useLingui } from "@lingui/react/macro";

import type { Scannability } from "@/lib/api/types";

type Advice = Scannability["advice"][number];

/** The judge's advice in the reader's language; what is new to us stays in the judge's own words. */
export function useAdviceWords(): (advice: Advice) => string {
  const { t } = useLingui();
  const words: Record<string, string> = {
    unreadable: t`A phone could not read this. Use dark colours on a light one.`,
    inverted: t`Not every app reads light on dark. Use dark colours on a light one.`,
    low_contrast: t`The colours are too alike. Use a darker one.`,
    quiet_zone_narrow: t`The white edge is narrow. Keep the paper around the code empty.`,
    transparent: t`It has no background. Put it on something light and even.`,
    not_from_far: t`It is read from near only. Print it larger, or put less into it.`,
    weak_in_bad_light: t`It is hard to read in bad light. Use a darker colour.`,
    weak_when_moved: t`It is hard to read from an angle or out of focus. Use squares, or more toughness.`,
  };
  return ({ code, detail }) => words[code] ?? detail;
}
