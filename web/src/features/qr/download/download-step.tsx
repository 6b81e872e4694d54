import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { IconChevronDown, IconPrinter, IconRuler2, IconShare2 } from "@tabler/icons-react";
import { useState } from "react";

import { Icon } from "@/components/icon";
import type { Check, Code } from "@/lib/api/types";

import { FormatCards } from "./format-cards";
import { isRaster } from "./formats";
import { PrintSheet } from "./print-sheet";
import { Reach } from "./reach";
import { SizeField } from "./size-field";
import { THINGS } from "./things";
import { canShare, type Wanted } from "./use-file";

type Props = {
  code: Code;
  check: Check | undefined;
  formats: string[];
  wanted: Wanted;
  busy: boolean;
  /** What went wrong with the last file. */
  problem: string | undefined;
  onChange: (wanted: Wanted) => void;
  onThing: (mm: number | null, name: string) => void;
  onShare: () => void;
};

/** Choose a thing, not a format: what it is printed on sets size and file, and both can be changed. */
export function DownloadStep(props: Props) {
  const { t } = useLingui();
  const { code, check, formats, wanted, onChange, onThing } = props;
  const [printing, setPrinting] = useState(false);
  const paper = wanted.unit !== "px";
  return (
    <div className="opts">
      <fieldset>
        <legend>
          <Trans>Where will it be?</Trans>
        </legend>
        <div className="kinds things">
          {THINGS.map(({ name, icon, title, hint, mm }) => (
            <label className="kind" key={name}>
              <input
                type="radio"
                name="thing"
                checked={wanted.thing === name}
                onChange={() => onThing(mm, name)}
              />
              <span className="ico">
                <Icon of={icon} />
              </span>
              <span>
                {t(title)}
                <small>{t(hint)}</small>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <SizeField wanted={wanted} onChange={onChange} />
      {paper ? <Reach wanted={wanted} check={check} /> : null}
      <FormatCards
        formats={formats}
        value={wanted.format}
        onChange={(format) => onChange({ ...wanted, format })}
      />
      {props.problem ? (
        <p className="tip tip-bad" role="alert">
          {props.problem}
        </p>
      ) : null}
      <div className="row wrap">
        {paper ? (
          <Button
            variant="default"
            aria-haspopup="dialog"
            leftSection={<Icon of={IconPrinter} />}
            onClick={() => setPrinting(true)}
          >
            <Trans>Print it here</Trans>
          </Button>
        ) : null}
        {canShare() ? (
          <Button
            variant="default"
            leftSection={<Icon of={IconShare2} />}
            disabled={props.busy}
            onClick={props.onShare}
          >
            <Trans>Send the file</Trans>
          </Button>
        ) : null}
      </div>
      {paper && isRaster(wanted.format) ? (
        <details className="more ruled">
          <summary>
            <Icon of={IconRuler2} />
            <Trans>For the print shop</Trans>
            <span className="chev">
              <Icon of={IconChevronDown} />
            </span>
          </summary>
          <NativeSelect
            label={t`Fineness (dots per inch)`}
            description={t`Print shops ask for 300.`}
            value={String(wanted.dpi)}
            onChange={(event) => onChange({ ...wanted, dpi: Number(event.currentTarget.value) })}
            data={["150", "300", "600", "1200"]}
          />
        </details>
      ) : null}
      <PrintSheet code={code} wanted={wanted} opened={printing} onClose={() => setPrinting(false)} />
    </div>
  );
}
