import { Trans, useLingui } from "@lingui/react/macro";
import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconAdjustmentsHorizontal, IconChevronDown, IconPlus } from "@tabler/icons-react";
import { useId } from "react";

import { Icon } from "@/components/icon";
import type { Design } from "@/lib/api/types";
import { currentLocale } from "@/lib/i18n";

import { designOptionsQuery } from "./api";
import { COLOURS, colourOf, withColour } from "./colours";
import { inLocale } from "./schema";
import { ShapePicture } from "./shape-picture";

type Props = { design: Design; onChange: (design: Design) => void };

/** How a code looks: colour, shape, and behind "Fine settings" what is rarely needed. */
export function DesignForm({ design, onChange }: Props) {
  const { t } = useLingui();
  const name = useId();
  const { data: options } = useQuery(designOptionsQuery);
  const locale = currentLocale();
  const colour = colourOf(design);
  const ready = COLOURS.some(({ value }) => value === colour);
  const shape = design.modules?.shape ?? "square";
  const quiet = options?.quiet_zone;
  const edge = design.quiet_zone ?? quiet?.default ?? 4;
  return (
    <form className="opts" onSubmit={(event) => event.preventDefault()} aria-label={t`Look`}>
      <fieldset>
        <legend>
          <Trans>Colour</Trans>
        </legend>
        <div className="swatches">
          {COLOURS.map((choice) => (
            <label className="sw col" key={choice.value}>
              <input
                type="radio"
                name={`${name}-colour`}
                checked={choice.value === colour}
                onChange={() => onChange(withColour(design, choice.value))}
              />
              <span className="pic pair" style={{ "--a": choice.value }} />
              {t(choice.name)}
            </label>
          ))}
          <label className="sw col own">
            <span className={ready ? "pic pair empty-own" : "pic pair chosen"} style={{ "--a": colour }}>
              {ready ? <Icon of={IconPlus} /> : null}
            </span>
            <input
              type="color"
              value={/^#[0-9a-f]{6}$/i.test(colour) ? colour : "#000000"}
              onChange={(event) => onChange(withColour(design, event.currentTarget.value))}
            />
            <Trans>Own</Trans>
          </label>
        </div>
      </fieldset>
      <fieldset>
        <legend>
          <Trans>Shape</Trans>
        </legend>
        <div className="swatches">
          {(options?.modules ?? []).map((option) => (
            <label className="sw sm" key={option.name}>
              <input
                type="radio"
                name={`${name}-shape`}
                checked={option.name === shape}
                onChange={() => onChange({ ...design, modules: { ...design.modules, shape: option.name } })}
              />
              <span className="pic">
                <ShapePicture shape={option.name} />
              </span>
              {inLocale(option.title, locale)}
            </label>
          ))}
        </div>
      </fieldset>
      <details className="more ruled">
        <summary>
          <Icon of={IconAdjustmentsHorizontal} />
          <Trans>Fine settings</Trans>
          <span className="quiet small">
            <Trans>toughness, white edge</Trans>
          </span>
          <span className="chev">
            <Icon of={IconChevronDown} />
          </span>
        </summary>
        <div className="stack">
          <NativeSelect
            label={t`Still readable when dirty or torn`}
            value={design.error_correction ?? "auto"}
            onChange={({ currentTarget: { value } }) => {
              const level = (["auto", "L", "M", "Q", "H"] as const).find((known) => known === value);
              onChange({ ...design, error_correction: level ?? "auto" });
            }}
            data={[
              { value: "auto", label: t`As tough as the size allows` },
              { value: "L", label: t`A little: up to a fourteenth` },
              { value: "M", label: t`Up to a seventh` },
              { value: "Q", label: t`Up to a quarter` },
              { value: "H", label: t`Up to a third` },
            ]}
          />
          <div className="field">
            <label htmlFor={`${name}-edge`}>
              <Trans>White edge: {edge} dots wide</Trans>
            </label>
            <input
              type="range"
              id={`${name}-edge`}
              min={quiet?.least ?? 0}
              max={quiet?.most ?? 10}
              value={edge}
              onChange={(event) => onChange({ ...design, quiet_zone: Number(event.currentTarget.value) })}
            />
          </div>
        </div>
      </details>
    </form>
  );
}
