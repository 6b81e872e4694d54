import { useLingui } from "@lingui/react/macro";

import type { BrandKit } from "@/lib/api/types";

type Part = BrandKit["locked"][number];

/** The parts of a look that a brand can keep as they are, in words. */
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
