import { Trans, useLingui } from "@lingui/react/macro";
import { IconAlertCircle, IconCircleCheck } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import type { Check } from "@/lib/api/types";

import { Meter } from "../verdict";

/** The verdict of the real decoder, and which views of the code it could read. */
export function JudgePanel({ check }: { check: Check | undefined }) {
  const { t } = useLingui();
  if (!check) {
    return (
      <p className="muted">
        <Trans>Once there is something to draw, we read your code the way phones do.</Trans>
      </p>
    );
  }
  const names: Record<string, string> = {
    clean: t`Straight from the screen`,
    small: t`From far away`,
    blurred: t`Out of focus`,
    tilted: t`From an angle`,
    dim: t`Dim light`,
    glare: t`Under a lamp`,
  };
  const { views } = check.measures as { views?: Record<string, boolean> };
  return (
    <>
      <Meter of={check} />
      <p className="small muted">
        <Trans>We really read your code, several times, the way phones do.</Trans>
      </p>
      <ul className="tests">
        {Object.entries(views ?? {}).map(([view, read]) => (
          <li key={view}>
            <span className={read ? "yes" : "no"}>
              <Icon of={read ? IconCircleCheck : IconAlertCircle} />
            </span>
            {names[view] ?? view}
            <b>{read ? t`reads` : t`not sure`}</b>
          </li>
        ))}
      </ul>
    </>
  );
}
