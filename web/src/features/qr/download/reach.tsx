import { Trans, useLingui } from "@lingui/react/macro";

import type { Check } from "@/lib/api/types";
import { formatNumber } from "@/lib/format";

import type { Picture } from "../preview";
import { gridOf, leastWidth, reach, toMm } from "./size";
import type { Wanted } from "./use-file";

type Props = { wanted: Wanted; check: Check | undefined; picture: Picture | undefined };

/** From how far it scans on paper, and how small it may be. */
export function Reach({ wanted, check, picture }: Props) {
  const { t } = useLingui();
  const grid = gridOf(check, picture);
  if (!grid) return null;
  const width = toMm(wanted.size, wanted.unit);
  const least = formatNumber(leastWidth(grid) / 10);
  const far = reach(width, grid);
  const size = formatNumber(Number((width / 10).toFixed(1)));
  const [centimetres, metres] = [
    formatNumber(Math.round(far / 10)),
    formatNumber(Math.round(far / 100) / 10),
  ];
  const distance = far < 1000 ? t`${centimetres} cm` : t`${metres} m`;
  return width < leastWidth(grid) ? (
    <p className="tip tip-warn" role="status">
      <Trans>
        {size} cm is too small for what is in this code: print it at least {least} cm wide, or put less into
        it.
      </Trans>
    </p>
  ) : (
    <p className="muted" role="status">
      <Trans>
        {size} cm: scan from up to {distance}. It must be at least {least} cm wide.
      </Trans>
    </p>
  );
}
