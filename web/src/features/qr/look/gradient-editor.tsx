import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useId } from "react";

import { Icon } from "@/components/icon";

import { ColourRow } from "./colour-row";
import { cssOf, type Gradient } from "./design";

type Props = { value: Gradient; most: number; onChange: (gradient: Gradient, group?: string) => void };

/** Two or more colours that fade into each other, and which way. */
export function GradientEditor({ value, most, onChange }: Props) {
  const id = useId();
  const { stops } = value;
  const recolour = (index: number, color: string) =>
    onChange(
      { ...value, stops: stops.map((old, at) => (at === index ? { ...old, color } : old)) },
      `${id}-${index}`,
    );
  const spread = (colors: string[]) => colors.map((color, at) => ({ at: at / (colors.length - 1), color }));
  const colors = stops.map(({ color }) => color);
  const angle = value.angle ?? 0;
  return (
    <div className="stack" style={{ "--gap": "var(--sp-2)" }}>
      <div className="fade" style={{ background: cssOf({ gradient: value }) }} aria-hidden="true" />
      <ol className="stops">
        {stops.map(({ color }, index) => (
          <ColourRow
            key={index}
            number={index + 1}
            colour={color}
            onChange={(next) => recolour(index, next)}
            onRemove={
              stops.length > 2
                ? () => onChange({ ...value, stops: spread(colors.filter((_, at) => at !== index)) })
                : undefined
            }
          />
        ))}
      </ol>
      {stops.length < most ? (
        <Button
          variant="subtle"
          size="sm"
          leftSection={<Icon of={IconPlus} />}
          onClick={() => onChange({ ...value, stops: spread([...colors, colors.at(-1) ?? "#000000"]) })}
        >
          <Trans>One more colour</Trans>
        </Button>
      ) : null}
      {value.kind === "linear" ? (
        <div className="field">
          <label htmlFor={`${id}-angle`}>
            <Trans>Direction: {angle}°</Trans>
          </label>
          <input
            type="range"
            id={`${id}-angle`}
            min={0}
            max={345}
            step={15}
            value={angle}
            onChange={(event) =>
              onChange({ ...value, angle: Number(event.currentTarget.value) }, `${id}-angle`)
            }
          />
        </div>
      ) : null}
    </div>
  );
}
