import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";

import { Sheet } from "@/components/sheet";

type Props = { dirty: boolean; busy: boolean; onSave: () => Promise<boolean> };

/** Asks before changes of a code that is there are lost: save them, drop them, or stay. */
export function LeaveGuard({ dirty, busy, onSave }: Props) {
  const { t } = useLingui();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && !busy && current.pathname !== next.pathname,
    enableBeforeUnload: dirty,
    withResolver: true,
  });
  const asked = blocker.status === "blocked";
  return (
    <Sheet opened={asked} onClose={() => blocker.reset?.()} title={t`Save your changes?`} backCloses={false}>
      <div className="stack">
        <p className="muted">
          <Trans>You changed this code and did not save it yet.</Trans>
        </p>
        <Button
          loading={busy}
          onClick={() => {
            void onSave().then((saved) => (saved ? blocker.proceed?.() : blocker.reset?.()));
          }}
          data-autofocus
        >
          <Trans>Save</Trans>
        </Button>
        <Button variant="default" onClick={() => blocker.proceed?.()}>
          <Trans>Leave it as it was</Trans>
        </Button>
      </div>
    </Sheet>
  );
}
