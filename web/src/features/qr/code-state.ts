import { useLingui } from "@lingui/react/macro";

import { toast } from "@/components/toast";
import type { Code } from "@/lib/api/types";

import { type StateChange, useChangeState } from "./api";

const BACK: Record<StateChange, StateChange> = {
  pause: "resume",
  resume: "pause",
  archive: "restore",
  restore: "archive",
};

/** Pauses, resumes, puts away or takes back, and says so with a way back. */
export function useStateActions() {
  const { t } = useLingui();
  const { mutate } = useChangeState();
  const done: Record<StateChange, string> = {
    pause: t`Code paused. Visitors see that it is resting.`,
    resume: t`Code is live again`,
    archive: t`Put away. It goes on working.`,
    restore: t`Back in your list`,
  };
  const act = (code: Code, change: StateChange, undoable = true) =>
    mutate(
      { code, change },
      {
        onSuccess: (answer) =>
          toast(
            undoable
              ? { text: done[change], undo: () => act({ ...code, ...answer }, BACK[change], false) }
              : { text: done[change] },
          ),
        onError: () => toast({ text: t`That did not work. Nothing was changed.`, fault: true }),
      },
    );
  return act;
}
