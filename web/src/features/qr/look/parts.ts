import { useLingui } from "@lingui/react/macro";

import type { BrandKit } from "@/lib/api/types";

import type { Look } from "./design";

/** A part of a look that a brand can keep as it is. */
export type Part = BrandKit["locked"][number];

/** The parts in words. */
export function usePartNames(): Record<Part, string> {
  const { t } = useLingui();
  return {
    modules: t`Dots: shape and colour`,
    eyes: t`Corners: shape and colour`,
    background: t`Background`,
    logo: t`Picture in the middle`,
    frame: t`Frame and words`,
    outline: t`Outline`,
    error_correction: t`Toughness`,
    quiet_zone: t`White edge`,
  };
}

/** A look with some parts as another one has them. */
export function withPartsOf(look: Look, other: Look, parts: readonly Part[]): Look {
  const kept = Object.fromEntries(parts.map((part) => [part, other[part]]));
  return { ...look, ...kept };
}
