import { useLingui } from "@lingui/react/macro";
import { IconBookmark, IconCopyCheck } from "@tabler/icons-react";
import { useState } from "react";

import { Icon } from "@/components/icon";

import type { Look } from "./design";
import { GiveLook } from "./give/give-look";
import { KeptLooks } from "./kept-looks";

type Props = {
  look: Look;
  /** The code that is changed, when it is there already. */
  code: string | undefined;
};

/** What else a look is good for: to keep it under a name, or to give it to other codes. */
export function KeepOrGive({ look, code }: Props) {
  const { t } = useLingui();
  const [opened, setOpened] = useState<"keep" | "give" | null>(null);
  const close = () => setOpened(null);
  return (
    <div className="row wrap" style={{ "--gap": "0 var(--sp-4)" }}>
      <button className="link" type="button" aria-haspopup="dialog" onClick={() => setOpened("keep")}>
        <Icon of={IconBookmark} /> {t`Keep this look`}
      </button>
      <button className="link" type="button" aria-haspopup="dialog" onClick={() => setOpened("give")}>
        <Icon of={IconCopyCheck} /> {t`Use this look for …`}
      </button>
      <KeptLooks look={look} opened={opened === "keep"} onClose={close} />
      <GiveLook look={look} except={code} opened={opened === "give"} onClose={close} />
    </div>
  );
}
