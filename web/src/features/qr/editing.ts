import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { isProblem } from "@/lib/api/problem";
import type { Code, CodePatch } from "@/lib/api/types";

import { codeQuery, usePatchCode } from "./api";

/** Changes a code as it was when one began. What somebody else saved since then is never overwritten unseen. */
export function useCodeEdit(code: Code) {
  const client = useQueryClient();
  const [seen, setSeen] = useState(code.version);
  const patch = usePatchCode(code.id);
  const newer = useMutation({
    mutationFn: () => client.query({ ...codeQuery(code.id), staleTime: 0 }),
    onSuccess: ({ version }) => {
      setSeen(version);
      patch.reset();
    },
  });
  return {
    /** Sends a change to the version one has seen, or to `version`. */
    save: async (change: CodePatch, version = seen) => {
      const saved = await patch.mutateAsync({ change, version });
      setSeen(saved.version);
      return saved;
    },
    isSaving: patch.isPending,
    error: patch.error,
    /** Whether somebody else was faster. */
    isStale: isProblem(patch.error, "stale_version", 412),
    newer,
  };
}

export type CodeEdit = ReturnType<typeof useCodeEdit>;
