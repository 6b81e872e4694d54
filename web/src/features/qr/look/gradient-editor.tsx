import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useId } from "react";

import { Icon } from "@/components/icon";

import { ColourField } from "./colour-field";
import { cssOf, type Gradient, type Stop } from "./design";

type Props = { value: Gradient; most: number; onChange: (gradient: Gradient, group?: string) => void };

/** Two or more colours that fade into each other, and which way. */
export function GradientEditor({ value, most, onChange }: Props) {
  const { t } = useLingui();
  const id = useId();
  const { stops } = value;
  const change = (index: number, stop: Partial<Stop>, group: string) =>
    onChange({ ...value, stops: stops.map((old, at) => (at === index ? { ...old, ...stop } : old)) }, group);
  const spread = (colors: string[]) => colors.map((color, at) => ({ at: at / (colors.length - 1), color }));
  const colors = stops.map(({ color }) => color);
  const angle = value.angle ?? 0;
  return (
    <div className="stack" style={{ "--gap": "var(--sp-2)" }}>
      <div className="fade" style={{ background: cssOf({ gradient: value }) }} aria-hidden="true" />
      <ol className="stops">
        {stops.map(({ color }, index) => {
          const number = index + 1;
          return (
            <li key={index}>
              <input
                type="color"
                aria-label={t`Colour ${number}`}
                value={color}
                onChange={(event) => change(index, { color: event.currentTarget.value }, `${id}-${index}`)}
              />
              <ColourField
                label={t`Colour ${number}: as a number`}
                value={color}
                onChange={(next) => change(index, { color: next }, `${id}-${index}`)}
              />
              {stops.length > 2 ? (
                <ActionIcon
                  variant="subtle"
                  aria-label={t`Take colour ${number} away`}
                  onClick={() =>
                    onChange({ ...value, stops: spread(colors.filter((_, at) => at !== index)) })
                  }
                >
                  <Icon of={IconTrash} />
                </ActionIcon>
              ) : null}
            </li>
          );
        })}
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
