import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconChevronDown } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";

import { Icon } from "@/components/icon";
import type { DesignOptions } from "@/lib/api/types";

import { forDarkGround, inverted, type Look } from "./design";

type Props = {
  look: Look;
  options: DesignOptions;
  /** What stands in the place of a part that the brand keeps. */
  locked: (part: "error_correction" | "quiet_zone" | "modules") => ReactNode;
  onChange: (look: Look, group?: string) => void;
};

/** What is rarely needed: toughness, the white edge, light on dark. */
export function FineSettings({ look, options, locked, onChange }: Props) {
  const { t } = useLingui();
  const id = useId();
  const quiet = options.quiet_zone;
  const edge = look.quiet_zone ?? quiet.default;
  return (
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
        {locked("error_correction") ?? (
          <NativeSelect
            label={t`Still readable when dirty or torn`}
            value={look.error_correction ?? "auto"}
            onChange={({ currentTarget: { value } }) => {
              const level = (["auto", "L", "M", "Q", "H"] as const).find((known) => known === value);
              onChange({ ...look, error_correction: level ?? "auto" });
            }}
            data={[
              { value: "auto", label: t`As tough as the size allows` },
              { value: "L", label: t`A little: up to a fourteenth` },
              { value: "M", label: t`Up to a seventh` },
              { value: "Q", label: t`Up to a quarter` },
              { value: "H", label: t`Up to a third` },
            ].filter(({ value }) => options.error_corrections.includes(value))}
          />
        )}
        {locked("quiet_zone") ?? (
          <div className="field">
            <label htmlFor={`${id}-edge`}>
              <Trans>White edge: {edge} dots wide</Trans>
            </label>
            <input
              type="range"
              id={`${id}-edge`}
              min={quiet.least}
              max={quiet.most}
              value={edge}
              onChange={(event) =>
                onChange({ ...look, quiet_zone: Number(event.currentTarget.value) }, "edge")
              }
            />
          </div>
        )}
        {locked("modules") ? null : (
          <div className="row wrap">
            <Button variant="default" size="sm" onClick={() => onChange(inverted(look))}>
              <Trans>Turn light and dark round</Trans>
            </Button>
            <Button variant="default" size="sm" onClick={() => onChange(forDarkGround(look, quiet.default))}>
              <Trans>Make it fit a dark wall</Trans>
            </Button>
          </div>
        )}
      </div>
    </details>
  );
}
