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
export function useStateActions(): (code: Code, change: StateChange) => void {
  const { t } = useLingui();
  const { mutateAsync } = useChangeState();
  const done: Record<StateChange, string> = {
    pause: t`Code paused. Visitors see that it is resting.`,
    resume: t`Code is live again`,
    archive: t`Put away. It goes on working.`,
    restore: t`Back in your list`,
  };
  const act = async (code: Code, change: StateChange, undoable: boolean) => {
    try {
      const answer = await mutateAsync({ code, change });
      const undo = () => void act(answer, BACK[change], false);
      toast(undoable ? { text: done[change], undo } : { text: done[change] });
    } catch {
      toast({ text: t`That did not work. Nothing was changed.`, fault: true });
    }
  };
  return (code, change) => void act(code, change, true);
}
