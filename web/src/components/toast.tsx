import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { notifications } from "@mantine/notifications";
import { IconAlertCircle, IconCircleCheck } from "@tabler/icons-react";

import { Icon } from "./icon";

type Toast = { text: string; undo?: () => void; fault?: boolean };

/** Says in one line what happened; with `undo` it stays longer and can take it back. */
export function toast({ text, undo, fault }: Toast) {
  const id = notifications.show({
    icon: <Icon of={fault ? IconAlertCircle : IconCircleCheck} />,
    autoClose: undo || fault ? 10_000 : 4_000,
    role: fault ? "alert" : "status",
    closeButtonProps: { "aria-label": t`Close` },
    message: (
      <span className="toast">
        <span>{text}</span>
        {undo ? (
          <button
            type="button"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            <Trans>Undo</Trans>
          </button>
        ) : null}
      </span>
    ),
  });
}
