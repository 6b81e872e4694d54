import { Trans } from "@lingui/react/macro";
import { IconLock, IconRefresh } from "@tabler/icons-react";

import { Icon } from "@/components/icon";

/** What kind of code it becomes, in plain words. */
export function Holds({ changeable }: { changeable: boolean }) {
  return (
    <p className="holds">
      <Icon of={changeable ? IconRefresh : IconLock} />
      {changeable ? (
        <span>
          <b>
            <Trans>Changeable later, and counted</Trans>
          </b>
          <Trans>Printed codes go on working when you change where they lead.</Trans>
        </span>
      ) : (
        <span>
          <b>
            <Trans>Holds everything itself</Trans>
          </b>
          <Trans>Phones read it without asking us, so it can’t be counted. A change needs a new print.</Trans>
        </span>
      )}
    </p>
  );
}
