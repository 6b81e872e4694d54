import { useLingui } from "@lingui/react/macro";

import { toast } from "@/components/toast";
import type { Code } from "@/lib/api/types";

import { useChangeState, useDeleteCode } from "./api";

/** Deletes a code at once and offers to take that back, also after one has left the page it was on. */
export function useDelete(): (code: Code) => Promise<void> {
  const { t } = useLingui();
  const { mutateAsync: remove } = useDeleteCode();
  const { mutateAsync: change } = useChangeState();
  const restore = async (code: Code) => {
    const { name } = code;
    try {
      await change({ code, change: "restore" });
      toast({ text: t`“${name}” is back` });
    } catch {
      toast({ text: t`That did not work. Nothing was changed.`, fault: true });
    }
  };
  return async (code) => {
    const { name } = code;
    try {
      await remove(code);
      toast({ text: t`“${name}” is deleted`, undo: () => void restore(code) });
    } catch {
      toast({ text: t`“${name}” could not be deleted. Nothing was changed.`, fault: true });
    }
  };
}
