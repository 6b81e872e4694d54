import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconPrinter, IconShare2 } from "@tabler/icons-react";
import { useState } from "react";

import { Asked } from "@/components/asked";
import { Icon } from "@/components/icon";
import { Skeleton } from "@/components/states";
import type { Check, Code, DesignOptions } from "@/lib/api/types";

import { designOptionsQuery } from "../api";
import type { Picture } from "../preview";
import { FormatCards } from "./format-cards";
import { bestFor } from "./formats";
import { PrintSheet } from "./print-sheet";
import { PrintShop } from "./print-shop";
import { Reach } from "./reach";
import { gridOf, leastWidth } from "./size";
import { SizeField } from "./size-field";
import { THINGS } from "./things";
import { canShare, type CodeFile } from "./use-file";

type Props = { code: Code; check: Check | undefined; picture: Picture | undefined; file: CodeFile };

/** Choose a thing, not a format: what it is printed on sets size and file, and both can be changed. */
export function DownloadStep(props: Props) {
  const { t } = useLingui();
  const options = useQuery(designOptionsQuery);
  return (
    <Asked
      query={options}
      title={t`We cannot show the files right now`}
      stillWorks={t`Your codes go on working.`}
      waiting={<Skeleton rows={4} />}
    >
      {(known) => <Files {...props} options={known} />}
    </Asked>
  );
}

function Files({ code, check, picture, file, options }: Props & { options: DesignOptions }) {
  const { t } = useLingui();
  const [printing, setPrinting] = useState(false);
  const { wanted, want } = file;
  const { formats } = options;
  const grid = gridOf(check, picture);
  const paper = wanted.unit !== "px";
  const choose = (thing: string, mm: number | null) => {
    // Where the usual size is too small for what is in this code, it begins with the least that scans.
    const least = grid ? leastWidth(grid) : 0;
    const size =
      mm === null
        ? { size: 1200, unit: "px" as const }
        : { size: Math.max(mm, least) / 10, unit: "cm" as const };
    want({ ...wanted, thing, ...size, format: bestFor(mm !== null, formats) });
  };
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
                onChange={() => choose(name, mm)}
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
      <SizeField wanted={wanted} bounds={file.bounds} onChange={want} />
      {paper ? <Reach wanted={wanted} check={check} picture={picture} /> : null}
      <FormatCards
        formats={formats}
        value={wanted.format}
        onChange={(format) => want({ ...wanted, format })}
      />
      {file.problem ? (
        <p className="tip tip-bad" role="alert">
          {file.problem}
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
            disabled={file.busy}
            onClick={() => file.fetch({ share: true })}
          >
            <Trans>Send the file</Trans>
          </Button>
        ) : null}
      </div>
      {paper ? (
        <PrintShop
          format={formats.find(({ name }) => name === wanted.format)}
          wanted={wanted}
          onChange={want}
        />
      ) : null}
      <PrintSheet code={code} wanted={wanted} opened={printing} onClose={() => setPrinting(false)} />
    </div>
  );
}
