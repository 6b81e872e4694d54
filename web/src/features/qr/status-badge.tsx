import { Trans } from "@lingui/react/macro";
import { IconArchive, IconCalendarOff, IconPlayerPause, IconTrash } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import type { CodeStatus } from "@/lib/api/types";

/** What a code does now: a word, a shape and a colour. */
export function StatusBadge({ status }: { status: CodeStatus }) {
  switch (status) {
    case "paused":
      return (
        <span className="badge badge-warn">
          <Icon of={IconPlayerPause} /> <Trans>Paused</Trans>
        </span>
      );
    case "ended":
      return (
        <span className="badge">
          <Icon of={IconCalendarOff} /> <Trans>Ended</Trans>
        </span>
      );
    case "archived":
      return (
        <span className="badge">
          <Icon of={IconArchive} /> <Trans>Put away</Trans>
        </span>
      );
    case "deleted":
      return (
        <span className="badge">
          <Icon of={IconTrash} /> <Trans>Deleted</Trans>
        </span>
      );
    default:
      return (
        <span className="badge badge-good">
          <span className="dot" aria-hidden="true" /> <Trans>Live</Trans>
        </span>
      );
  }
}
