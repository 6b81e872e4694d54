import { Trans, useLingui } from "@lingui/react/macro";
import { IconChevronDown } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import type { Check } from "@/lib/api/types";
import { formatNumber, formatShare } from "@/lib/format";

type Measures = {
  version?: number;
  modules?: number;
  error_correction?: string;
  quiet_zone?: number;
  contrast?: number;
  modulation?: number;
  unused_error_correction?: number;
  least_size_mm?: number;
};

/** The figures behind the verdict, for those who know ISO/IEC 15415. */
export function Figures({ check }: { check: Check }) {
  const { t } = useLingui();
  const of = check.measures as Measures;
  const share = (value: number | undefined) => (value === undefined ? undefined : formatShare(value));
  const { modules } = of;
  const rows: [string, string | undefined][] = [
    [t`Grade`, `${check.grade} · ${formatNumber(check.score)}`],
    [t`Contrast`, share(of.contrast)],
    [t`Evenness of the dots`, share(of.modulation)],
    [t`Spare toughness`, share(of.unused_error_correction)],
    [t`Toughness`, of.error_correction],
    [t`White edge`, of.quiet_zone === undefined ? undefined : formatNumber(of.quiet_zone)],
    [t`Dots on a side`, modules === undefined ? undefined : `${modules} × ${modules}`],
  ];
  return (
    <details className="more">
      <summary>
        <Trans>The figures</Trans>
        <span className="chev">
          <Icon of={IconChevronDown} />
        </span>
      </summary>
      <dl className="figures">
        {rows.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="num">{value}</dd>
            </div>
          ),
        )}
      </dl>
    </details>
  );
}
