import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useLingui } from "@lingui/react/macro";

import { toast } from "@/components/toast";
import { api, body } from "@/lib/api/client";
import type { Code } from "@/lib/api/types";

const UNDO_MS = 8_000;

/**
 * Deletes a code after a while in which that can be taken back: until then it is only out of sight.
 * The server's deletion is final, because an address never comes back. Leaving the page deletes at once.
 */
export function useDelete() {
  const client = useQueryClient();
  const { t } = useLingui();
  return (code: Code) => {
    type List = InfiniteData<{ data: Code[] }>;
    const lists = { queryKey: ["codes", "list"] };
    const hide = () =>
      client.setQueriesData<List>(lists, (list) =>
        list?.pages
          ? {
              ...list,
              pages: list.pages.map((page) => ({
                ...page,
                data: page.data.filter(({ id }) => id !== code.id),
              })),
            }
          : list,
      );
    const remove = async () => {
      stop();
      try {
        await body(
          api.DELETE("/api/v1/qr-codes/{code_id}", {
            params: { path: { code_id: code.id } },
            keepalive: true,
          }),
        );
      } catch {
        toast({ text: t`“${code.name}” could not be deleted. It is back in your list.`, fault: true });
      }
      await client.invalidateQueries({ queryKey: ["codes"] });
    };
    const stop = () => {
      clearTimeout(timer);
      removeEventListener("pagehide", remove);
    };
    const timer = setTimeout(() => void remove(), UNDO_MS);
    addEventListener("pagehide", remove);
    void client.cancelQueries(lists).then(hide);
    toast({
      text: t`“${code.name}” is deleted`,
      undo: () => {
        stop();
        void client.invalidateQueries({ queryKey: ["codes"] });
      },
    });
  };
}
