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
    picture_too_strong: t`The picture behind the dots is too strong. Make it fainter, or use a darker colour.`,
    quiet_zone_narrow: t`The white edge is narrow. Keep the paper around the code empty.`,
    transparent: t`It has no background. Put it on something light and even.`,
    printed_too_small: t`It is too small for what is in it. Print it larger, or put less into it.`,
    not_from_far: t`It is read from near only. Print it larger, or put less into it.`,
    weak_in_bad_light: t`It is hard to read in bad light. Use a darker colour.`,
    weak_when_moved: t`It is hard to read from an angle or out of focus. Use squares, or more toughness.`,
    weak_for_some: t`Some phones are slow to read it. Use fuller dots and squarer corners.`,
    logo_too_large: t`The picture in the middle covers too much. Make it smaller.`,
    logo_made_smaller: t`The picture in the middle is drawn smaller than you chose, as large as the code can bear.`,
  };
  return ({ code, detail }) => words[code] ?? detail;
}

type Change = { code: string; detail: string };

/** What a repair changed, in the reader's language. */
export function useChangeWords(): (change: Change) => string {
  const { t } = useLingui();
  const words: Record<string, string> = {
    wider_edge: t`A wider white edge`,
    more_correction: t`More toughness`,
    logo_cleared: t`No dots behind the picture`,
    logo_smaller: t`A smaller picture in the middle`,
    picture_fainter: t`A fainter picture behind the dots`,
    squarer_balls: t`Squarer middles of the corners`,
    squarer_corners: t`Squarer corners`,
    fuller_dots: t`Fuller dots`,
    square_outline: t`A square code`,
    darker_dots: t`Darker dots`,
    darker_corners: t`Darker corners`,
    darker_balls: t`Darker middles of the corners`,
    lighter_ground: t`A lighter background`,
    turned_round: t`Dark dots on a light background`,
  };
  return ({ code, detail }) => words[code] ?? detail;
}
