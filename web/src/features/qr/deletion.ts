import { useLingui } from "@lingui/react/macro";

import { toast } from "@/components/toast";
import type { Code } from "@/lib/api/types";

import { useChangeState, useDeleteCode } from "./api";

/** Deletes a code at once and offers to take that back. */
export function useDelete(): (code: Code) => void {
  const { t } = useLingui();
  const remove = useDeleteCode();
  const restore = useChangeState();
  return (code) => {
    const { name } = code;
    remove.mutate(code, {
      onError: () => toast({ text: t`“${name}” could not be deleted. Nothing was changed.`, fault: true }),
      onSuccess: () =>
        toast({
          text: t`“${name}” is deleted`,
          undo: () =>
            restore.mutate(
              { code, change: "restore" },
              {
                onSuccess: () => toast({ text: t`“${name}” is back` }),
                onError: () => toast({ text: t`That did not work. Nothing was changed.`, fault: true }),
              },
            ),
        }),
    });
  };
}
