import { Trans, useLingui } from "@lingui/react/macro";
import { IconLock, IconRefresh } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import type { CodeKind } from "@/lib/api/types";

type Props = {
  kind: CodeKind;
  /** The other kind, where both are possible and nothing is printed yet. */
  onOther?: (() => void) | undefined;
};

/** What kind of code it becomes, in plain words, and the way to the other kind. */
export function Holds({ kind, onOther }: Props) {
  const { t } = useLingui();
  const changeable = kind === "dynamic";
  return (
    <div className="holds">
      <Icon of={changeable ? IconRefresh : IconLock} />
      <p role="status">
        <b>{changeable ? t`Changeable later, and counted` : t`Holds everything itself`}</b>
        {changeable
          ? t`Printed codes go on working when you change where they lead.`
          : t`Phones read it without asking us, so it can’t be counted. A change needs a new print.`}
        {onOther ? (
          <>
            {" "}
            <button className="link" type="button" onClick={onOther}>
              {changeable ? (
                <Trans>Let the code hold it itself</Trans>
              ) : (
                <Trans>Make it changeable and counted</Trans>
              )}
            </button>
          </>
        ) : null}
      </p>
    </div>
  );
}
