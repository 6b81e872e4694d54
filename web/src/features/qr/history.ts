import { useCallback, useEffect, useState } from "react";

type History<T> = { past: T[]; now: T; future: T[]; group: string | undefined };
const LONGEST = 100;

/** A value with undo and redo; changes of one `group` right after another are one step, as when typing in a field. */
export function useHistory<T>(start: T) {
  const [history, setHistory] = useState<History<T>>({ past: [], now: start, future: [], group: undefined });
  const set = useCallback((now: T, group?: string) => {
    setHistory((before) =>
      group !== undefined && group === before.group
        ? { ...before, now, future: [] }
        : { past: [...before.past, before.now].slice(-LONGEST), now, future: [], group },
    );
  }, []);
  const undo = useCallback(() => {
    setHistory(({ past, now, future, ...rest }) => {
      const before = past.at(-1);
      return before === undefined
        ? { past, now, future, ...rest }
        : { past: past.slice(0, -1), now: before, future: [now, ...future], group: undefined };
    });
  }, []);
  const redo = useCallback(() => {
    setHistory(({ past, now, future, ...rest }) => {
      const [next, ...later] = future;
      return next === undefined
        ? { past, now, future, ...rest }
        : { past: [...past, now], now: next, future: later, group: undefined };
    });
  }, []);
  /** Writes the value as it was saved; that is no change of one's own. */
  const settle = useCallback((now: T) => setHistory((before) => ({ ...before, now, group: undefined })), []);
  const { past, now, future } = history;
  return { value: now, set, settle, undo, redo, canUndo: past.length > 0, canRedo: future.length > 0 };
}

/** Ctrl/⌘ Z undoes, with Shift it redoes; fields keep their own undo while one types in them. */
export function useUndoKeys(undo: () => void, redo: () => void) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey)) return;
      const { target } = event;
      const types =
        target instanceof HTMLInputElement && !["radio", "color", "range", "checkbox"].includes(target.type);
      if (types || target instanceof HTMLTextAreaElement) return;
      event.preventDefault();
      (event.shiftKey ? redo : undo)();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [undo, redo]);
}
