import { useLingui } from "@lingui/react/macro";
import { useId } from "react";

import { COLOURS } from "./colours";

/** Ready colours; arrows move, the code follows at once. */
export function ColourDots({ value, onChange }: { value: string; onChange: (colour: string) => void }) {
  const { t } = useLingui();
  const name = useId();
  return (
    <fieldset className="dots">
      <legend className="sr">{t`Colour`}</legend>
      {COLOURS.map((colour) => (
        <label key={colour.value} style={{ "--f": colour.value }}>
          <input
            type="radio"
            name={name}
            checked={colour.value === value}
            onChange={() => onChange(colour.value)}
          />
          <span />
          <span className="sr">{t(colour.name)}</span>
        </label>
      ))}
    </fieldset>
  );
}
