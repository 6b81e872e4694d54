import { Trans, useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import type { DesignOptions } from "@/lib/api/types";
import { currentLocale } from "@/lib/i18n";

import { inLocale, type Words } from "../schema";
import { templatesQuery } from "./api";
import { fillOf, type Look, withFill } from "./design";
import { FillEditor } from "./fill-editor";
import { Swatches } from "./swatches";

type Props = {
  look: Look;
  options: DesignOptions;
  /** The type of content, which suggests the words. */
  type: string | undefined;
  brand: string[];
  fault: string | undefined;
  onChange: (look: Look, group?: string) => void;
};

const ALWAYS: Words[] = [{ en: "Scan me", hi: "स्कैन करें" }];
const MOST_SUGGESTIONS = 4;

/** A frame around the code and the words in it, which say what happens when one scans. */
export function FrameEditor({ look, options, type, brand, fault, onChange }: Props) {
  const { t } = useLingui();
  const locale = currentLocale();
  const { data: templates } = useQuery(templatesQuery);
  const { frame } = look;
  const fitting = (templates?.data ?? []).filter(({ content_types: types }) => type && types.includes(type));
  const suggested = [...fitting.flatMap(({ texts }) => texts.slice(0, 1)), ...ALWAYS].slice(
    0,
    MOST_SUGGESTIONS,
  );
  const other = locale === "hi" ? "en" : "hi";
  const phrases = [
    ...new Set([...suggested.map((words) => words[locale]), ...suggested.map((words) => words[other])]),
  ];
  const choose = (kind: string) => {
    if (kind === "") onChange({ ...look, frame: null });
    else {
      const text = frame?.text ?? (suggested[0] ? inLocale(suggested[0], locale) : "");
      onChange({
        ...look,
        frame: { fill: fillOf(look, "dots") ?? { color: "#000000" }, ...frame, kind, text },
      });
    }
  };
  if (options.frames.length === 0) return null;
  return (
    <div className="stack" style={{ "--gap": "var(--sp-3)" }}>
      <Swatches
        legend={t`Frame and words`}
        group="frames"
        options={options.frames}
        none={t`None`}
        value={frame?.kind ?? ""}
        onChange={choose}
      />
      {frame ? (
        <>
          <TextInput
            label={t`Words in the frame`}
            value={frame.text ?? ""}
            maxLength={options.frame_text_length}
            error={fault}
            onChange={(event) =>
              onChange({ ...look, frame: { ...frame, text: event.currentTarget.value } }, "frame-text")
            }
          />
          <div className="chips" role="group" aria-label={t`Suggested words`}>
            {phrases.map((phrase) => (
              <button
                className="chip"
                type="button"
                key={phrase}
                onClick={() => onChange({ ...look, frame: { ...frame, text: phrase } })}
              >
                {phrase}
              </button>
            ))}
          </div>
          <details className="more">
            <summary>
              <Trans>Colours of the frame</Trans>
            </summary>
            <div className="stack">
              {(["border", "words"] as const).map((part) => (
                <FillEditor
                  key={part}
                  legend={part === "border" ? t`Frame` : t`Words`}
                  value={fillOf(look, part)}
                  brand={brand}
                  none={t`As it fits`}
                  onChange={(fill, group) => onChange(withFill(look, part, fill), group)}
                />
              ))}
            </div>
          </details>
        </>
      ) : null}
    </div>
  );
}
