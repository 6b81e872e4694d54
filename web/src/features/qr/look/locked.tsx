import { useLingui } from "@lingui/react/macro";
import { IconLock } from "@tabler/icons-react";

import { Icon } from "@/components/icon";

import { type Part, usePartNames } from "./parts";

/** A part that the brand keeps as it is: it is named, and it is said why it cannot be chosen. */
export function Locked({ part, brand }: { part: Part; brand: string }) {
  const { t } = useLingui();
  const names = usePartNames();
  return (
    <div className="locked" role="group" aria-label={names[part]}>
      <Icon of={IconLock} />
      <span>
        <b className="strong">{names[part]}</b>
        <small className="muted">{t`Stays as your brand “${brand}” has it. Owners and admins can change that.`}</small>
      </span>
    </div>
  );
}
