import { Trans, useLingui } from "@lingui/react/macro";
import { IconPlus } from "@tabler/icons-react";
import { useId } from "react";

import { Icon } from "@/components/icon";
import { Seg } from "@/components/seg";

import { COLOURS, PAPERS } from "../colours";
import { ColourField } from "./colour-field";
import { colorOf, colorsOf, type Fill, gradientOf, INK } from "./design";
import { GradientEditor } from "./gradient-editor";

type Props = {
  legend: string;
  value: Fill | null;
  /** The brand's own colours, first. */
  brand?: string[];
  /** The most colours that can fade into each other; none where the part has one colour only. */
  stops?: number;
  /** Whether the ready colours are light, as for what is behind the dots. */
  light?: boolean;
  /** The choice of no colour of its own, in words. */
  none?: string;
  onChange: (fill: Fill | null, group?: string) => void;
};

/** The colour of a part: ready ones, one's own, or one that fades into another. */
export function FillEditor({ legend, value, brand = [], stops = 0, light = false, none, onChange }: Props) {
  const { t } = useLingui();
  const name = useId();
  const gradient = gradientOf(value);
  const colour = value ? colorOf(value) : null;
  const ours = light ? PAPERS : COLOURS;
  const choices = [
    ...brand
      .filter((own) => !ours.some((ready) => ready.value === own))
      .map((own) => ({ value: own, title: own })),
    ...ours.map((ready) => ({ value: ready.value, title: t(ready.name) })),
  ];
  const ready = choices.some((choice) => choice.value === colour);
  const radio = (title: string, css: string, checked: boolean, choose: () => void) => (
    <label className="sw col" key={title}>
      <input type="radio" name={name} checked={checked} onChange={choose} />
      <span className={css ? "pic pair" : "pic pair empty-own"} style={{ "--a": css }} />
      {title}
    </label>
  );
  return (
    <fieldset className="stack" style={{ "--gap": "var(--sp-2)" }}>
      <legend>{legend}</legend>
      {stops > 0 ? (
        <Seg
          label={t`${legend}: plain or fading`}
          value={gradient ? gradient.kind : "plain"}
          options={[
            { value: "plain", label: t`Plain` },
            { value: "linear", label: t`Fading` },
            { value: "radial", label: t`From the middle` },
          ]}
          onChange={(kind) => onChange(faded(value, kind))}
        />
      ) : null}
      {gradient ? (
        <GradientEditor
          value={gradient}
          most={stops}
          onChange={(next, group) => onChange({ gradient: next }, group)}
        />
      ) : (
        <div className="swatches">
          {none === undefined ? null : radio(none, "", value === null, () => onChange(null))}
          {choices.map((choice) =>
            radio(choice.title, choice.value, choice.value === colour, () =>
              onChange({ color: choice.value }),
            ),
          )}
          <label className="sw col own">
            <span
              className={ready || !colour ? "pic pair empty-own" : "pic pair chosen"}
              style={{ "--a": colour ?? INK }}
            >
              {ready || !colour ? <Icon of={IconPlus} /> : null}
            </span>
            <input
              type="color"
              value={colour ?? INK}
              onChange={(event) => onChange({ color: event.currentTarget.value }, `${name}-own`)}
            />
            <Trans>Own</Trans>
          </label>
          {colour ? (
            <ColourField
              label={t`${legend}: as a number`}
              value={colour}
              onChange={(color) => onChange({ color }, `${name}-own`)}
            />
          ) : null}
        </div>
      )}
    </fieldset>
  );
}

/** The same colours in another kind of fill, so that trying it out loses nothing. */
function faded(fill: Fill | null, kind: "plain" | "linear" | "radial"): Fill {
  const [first = INK, second] = colorsOf(fill);
  if (kind === "plain") return { color: first };
  const gradient = gradientOf(fill);
  const stops = gradient?.stops ?? [
    { at: 0, color: first },
    { at: 1, color: second ?? (first === "#0b5a5f" ? "#1f2f6b" : "#0b5a5f") },
  ];
  return { gradient: kind === "linear" ? { kind, angle: gradient?.angle ?? 45, stops } : { kind, stops } };
}
