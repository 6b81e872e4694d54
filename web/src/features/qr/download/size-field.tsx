import { Trans, useLingui } from "@lingui/react/macro";
import { NumberInput } from "@mantine/core";

import { Seg } from "@/components/seg";

import { converted, type Unit } from "./size";
import type { Wanted } from "./use-file";

type Sized = Pick<Wanted, "size" | "unit">;
type Props<T> = { wanted: T; bounds: readonly [number, number]; onChange: (wanted: T) => void };

/** How large the picture is, in the unit one thinks in. */
export function SizeField<T extends Sized>({ wanted, bounds, onChange }: Props<T>) {
  const { t } = useLingui();
  const { unit, size } = wanted;
  const [least, most] = bounds;
  const units: { value: Unit; label: string }[] = [
    { value: "cm", label: t`cm` },
    { value: "mm", label: t`mm` },
    { value: "in", label: t`inch` },
    { value: "px", label: t`pixels` },
  ];
  const inBounds = size >= least && size <= most;
  return (
    <fieldset className="stack" style={{ "--gap": "var(--sp-2)" }}>
      <legend>
        <Trans>Size</Trans>
      </legend>
      <div className="size-row">
        <NumberInput
          aria-label={t`Width of the picture`}
          value={size}
          min={least}
          max={most}
          step={unit === "px" ? 100 : unit === "mm" ? 5 : 0.5}
          decimalScale={unit === "px" ? 0 : 2}
          allowNegative={false}
          clampBehavior="none"
          error={inBounds ? undefined : t`Choose ${least} to ${most}.`}
          onChange={(value) => {
            const number = Number(value);
            if (Number.isFinite(number)) onChange({ ...wanted, size: number });
          }}
        />
        <Seg
          label={t`Measured in`}
          value={unit}
          options={units}
          onChange={(next) => onChange({ ...wanted, unit: next, size: converted(size, unit, next) })}
        />
      </div>
    </fieldset>
  );
}
