import { useRouter } from "@tanstack/react-router";
import { useEffect, useEffectEvent } from "react";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** A sheet was opened over this page. */
    sheet?: boolean;
  }
}

let openSheets = 0;
/** The entry of a sheet that closed is on its way out of the history. */
let isLeaving = false;

/**
 * Lets the browser's way back, on a phone a swipe or a button, close what is open in place of leaving the page.
 * What is open has one entry in the history, and hands it on when another opens in the moment in which it closes.
 */
export function useBackCloses(opened: boolean, onClose: () => void) {
  const { history, navigate } = useRouter();
  const close = useEffectEvent(onClose);
  useEffect(() => {
    if (!opened) return;
    const hasEntry = () => history.location.state.sheet === true;
    const makeEntry = () =>
      void navigate({
        to: ".",
        search: true,
        hash: true,
        state: (state) => ({ ...state, sheet: true }),
        resetScroll: false,
      });
    openSheets += 1;
    if (!hasEntry()) makeEntry();
    const unsubscribe = history.subscribe(() => {
      if (hasEntry()) return;
      // Only the entry of the one before has left.
      if (isLeaving) makeEntry();
      else close();
    });
    return () => {
      unsubscribe();
      openSheets -= 1;
      setTimeout(() => {
        if (openSheets > 0 || isLeaving || !hasEntry()) return;
        isLeaving = true;
        const left = history.subscribe(() => {
          left();
          setTimeout(() => (isLeaving = false));
        });
        history.back();
      });
    };
  }, [opened, history, navigate]);
}
