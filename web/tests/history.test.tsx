import { act, renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { useHistory, useUndoKeys } from "@/features/qr/history";

function started() {
  return renderHook(() => {
    const history = useHistory("a");
    useUndoKeys(history.undo, history.redo);
    return history;
  });
}
const press = (key: object) => {
  act(() => {
    window.dispatchEvent(new KeyboardEvent("keydown", key));
  });
};

describe("undo", () => {
  it("goes back and forth with the keys", () => {
    const { result } = started();
    act(() => result.current.set("b"));
    act(() => result.current.set("c"));
    press({ key: "z", ctrlKey: true });
    expect(result.current.value).toBe("b");
    press({ key: "z", metaKey: true });
    expect(result.current.value).toBe("a");
    expect(result.current.canUndo).toBe(false);
    press({ key: "Z", ctrlKey: true, shiftKey: true });
    expect(result.current.value).toBe("b");
  });

  it("takes typing in one field as one step", () => {
    const { result } = started();
    for (const text of ["b", "bc", "bcd"]) act(() => result.current.set(text, "name"));
    press({ key: "z", ctrlKey: true });
    expect(result.current.value).toBe("a");
  });

  it("forgets what was undone once something new happens", () => {
    const { result } = started();
    act(() => result.current.set("b"));
    act(() => result.current.undo());
    act(() => result.current.set("c"));
    expect(result.current.canRedo).toBe(false);
  });
});
