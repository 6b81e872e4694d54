import { type RefObject, useEffect, useEffectEvent, useState } from "react";

/** Lets files be dropped on an element; a shortcut for the mouse, beside a button that does the same. */
export function useDrop(area: RefObject<HTMLElement | null>, onDrop: (file: File) => void): boolean {
  const [over, setOver] = useState(false);
  const take = useEffectEvent(onDrop);
  useEffect(() => {
    const element = area.current;
    if (!element) return undefined;
    const stop = new AbortController();
    const { signal } = stop;
    element.addEventListener(
      "dragover",
      (event) => {
        event.preventDefault();
        setOver(true);
      },
      { signal },
    );
    element.addEventListener("dragleave", () => setOver(false), { signal });
    element.addEventListener(
      "drop",
      (event) => {
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer?.files ?? [];
        if (file) take(file);
      },
      { signal },
    );
    return () => stop.abort();
  }, [area]);
  return over;
}
