import { Trans, useLingui } from "@lingui/react/macro";
import { useId } from "react";

import { wordsOf } from "./formats";

type Props = { formats: string[]; value: string; onChange: (format: string) => void };

/** The files there are, each with what it is for. */
export function FormatCards({ formats, value, onChange }: Props) {
  const { t } = useLingui();
  const name = useId();
  return (
    <fieldset>
      <legend>
        <Trans>File</Trans>
      </legend>
      <div className="formats">
        {formats.map((format) => {
          const words = wordsOf(format);
          return (
            <label className="format" key={format}>
              <input
                type="radio"
                name={name}
                value={format}
                checked={format === value}
                onChange={() => onChange(format)}
              />
              <b>{words ? t(words.title) : format.toUpperCase()}</b>
              {words ? <small>{t(words.use)}</small> : null}
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
