import { Trans } from "@lingui/react/macro";
import { useId } from "react";

import { currentLocale } from "@/lib/i18n";

import { inLocale } from "../schema";
import { type Format, usualFirst } from "./formats";

type Props = { formats: Format[]; value: string; onChange: (format: string) => void };

/** The files there are, each with what it is for. */
export function FormatCards({ formats, value, onChange }: Props) {
  const name = useId();
  const locale = currentLocale();
  return (
    <fieldset>
      <legend>
        <Trans>File</Trans>
      </legend>
      <div className="formats">
        {usualFirst(formats).map((format) => (
          <label className="format" key={format.name}>
            <input
              type="radio"
              name={name}
              value={format.name}
              checked={format.name === value}
              onChange={() => onChange(format.name)}
            />
            <b>{inLocale(format.title, locale)}</b>
            <small>{inLocale(format.help, locale)}</small>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
