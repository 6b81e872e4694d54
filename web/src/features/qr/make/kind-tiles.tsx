import { useLingui } from "@lingui/react/macro";

import { Icon } from "@/components/icon";

import { KINDS } from "../kinds";

type Props = { legend: string; value: string; onChange: (type: string) => void };

/** What should open: one radio group of tiles. */
export function KindTiles({ legend, value, onChange }: Props) {
  const { t } = useLingui();
  return (
    <fieldset>
      <legend className="label muted">{legend}</legend>
      <div className="kinds">
        {KINDS.map(({ type, icon, name, hint }) => (
          <label className="kind" key={type}>
            <input
              type="radio"
              name="kind"
              value={type}
              checked={type === value}
              onChange={() => onChange(type)}
            />
            <span className="ico">
              <Icon of={icon} />
            </span>
            <span>
              {t(name)}
              <small>{t(hint)}</small>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
