import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { workspaceQuery } from "@/lib/api/client";

import { mayGrow } from "./api";

/** Hits that come in a burst refresh the counts once. */
const SETTLE_MS = 150;
/** What came between the first answers and the beginning of the feed is fetched when the page has settled. */
const CATCH_UP_MS = 3_000;

/** Listens for hits and refreshes every count that is on screen. Returns whether it is listening. */
export function useLive(code?: string): boolean {
  const client = useQueryClient();
  const [listening, setListening] = useState(false);
  // Draws the page anew, so that after midnight it asks for the new day.
  const [, setSeen] = useState(0);
  useEffect(() => {
    const query = new URLSearchParams({ ...workspaceQuery(), ...(code ? { qr_code_id: code } : {}) });
    const feed = new EventSource(`/api/v1/analytics/live?${query}`);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let due = Infinity;
    const refreshAfter = (wait: number) => {
      if (Date.now() + wait >= due) return;
      clearTimeout(timer);
      due = Date.now() + wait;
      timer = setTimeout(() => {
        due = Infinity;
        void client.invalidateQueries({ queryKey: ["analytics"], predicate: mayGrow });
        setSeen(Date.now());
      }, wait);
    };
    feed.addEventListener("hit", () => {
      refreshAfter(SETTLE_MS);
    });
    let opened = false;
    feed.onopen = () => {
      setListening(true);
      refreshAfter(opened ? SETTLE_MS : CATCH_UP_MS);
      opened = true;
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
