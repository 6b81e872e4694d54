import { useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import type { Scannability } from "@/lib/api/types";

import { ColourDots } from "../colour-dots";
import { DraftPicture } from "../picture";
import { Verdict } from "../verdict";

type Props = {
  picture: string | undefined;
  verdict: Scannability | undefined;
  colour: string;
  /** Whether saving makes it changeable and counted. */
  leads: boolean;
  busy: boolean;
  onColour: (colour: string) => void;
  onDownload: (format: "png" | "svg") => void;
  onSave: () => void;
};

/** The code and what can be done with it: at the bottom of a phone, beside the question on a desktop. */
export function Dock(props: Props) {
  const { t } = useLingui();
  const { picture, verdict, leads } = props;
  return (
    <aside className="dock" aria-label={t`Your code`}>
      <div className="stage">
        <div className="stage-code">
          <DraftPicture source={picture} />
        </div>
        <ColourDots value={props.colour} onChange={props.onColour} />
      </div>
      <div className="state" role="status">
        {picture && verdict ? (
          <Verdict of={verdict} />
        ) : (
          <span className="muted">{t`Your code appears here.`}</span>
        )}
      </div>
      <div className="acts">
        <Button
          leftSection={<Icon of={IconDownload} />}
          loading={props.busy}
          onClick={() => props.onDownload("png")}
        >{t`Download`}</Button>
        <Button variant="light" onClick={props.onSave}>
          {leads ? t`Save and track` : t`Save`}
        </Button>
      </div>
      <div className="note small muted">
        <p>
          {leads
            ? t`The download always leads to this place. Save it to change the place later and to see how many people scan. Saving needs a free account.`
            : t`This code holds everything itself, so that every app can read it. It works for ever. It cannot be changed after printing, and scans of it cannot be counted.`}
        </p>
        <button className="link" type="button" onClick={() => props.onDownload("svg")}>
          {t`For a print shop: download as SVG`}
        </button>
      </div>
    </aside>
  );
}
