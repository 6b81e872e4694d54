import { Trans, useLingui } from "@lingui/react/macro";

import type { Check } from "@/lib/api/types";
import { formatNumber } from "@/lib/format";

import { type Grid, leastSide, reach, toMm } from "./size";
import type { Wanted } from "./use-file";

type Props = { wanted: Wanted; check: Check | undefined };

/** From how far it scans on paper, and how small it may be. */
export function Reach({ wanted, check }: Props) {
  const { t } = useLingui();
  const grid = gridOf(check);
  if (!grid) return null;
  const side = toMm(wanted.size, wanted.unit);
  const least = formatNumber(leastSide(grid) / 10);
  const far = reach(side, grid);
  const size = formatNumber(side / 10);
  const [centimetres, metres] = [
    formatNumber(Math.round(far / 10)),
    formatNumber(Math.round(far / 100) / 10),
  ];
  const distance = far < 1000 ? t`${centimetres} cm` : t`${metres} m`;
  return side < leastSide(grid) ? (
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

function gridOf(check: Check | undefined): Grid | null {
  const { modules, quiet_zone: edge } = (check?.measures ?? {}) as { modules?: number; quiet_zone?: number };
  return modules === undefined ? null : { modules, edge: edge ?? 4 };
}
