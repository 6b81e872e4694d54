import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { workspaceQuery } from "@/lib/api/client";

/** Hits that come in a burst refresh the counts once. */
const SETTLE_MS = 150;

/** Listens for hits and refreshes every count that is on screen. Returns whether it is listening. */
export function useLive(code?: string): boolean {
  const client = useQueryClient();
  const [listening, setListening] = useState(false);
  useEffect(() => {
    const query = new URLSearchParams({ ...workspaceQuery(), ...(code ? { qr_code_id: code } : {}) });
    const feed = new EventSource(`/api/v1/analytics/live?${query}`);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: ["analytics"] });
      }, SETTLE_MS);
    };
    feed.addEventListener("hit", refresh);
    feed.onopen = () => {
      setListening(true);
      refresh();
    };
    const lost = () => setListening(false);
    feed.onerror = lost;
    addEventListener("offline", lost);
    return () => {
      clearTimeout(timer);
      removeEventListener("offline", lost);
      feed.close();
    };
  }, [client, code]);
  return listening;
}
