import type { Code } from "@/lib/api/types";

import { mergePatch } from "../../merge-patch";
import { isSameLook, type Look } from "../design";

/** Codes that one call changes in the same way, and what brings their own look back. */
export type Step = { ids: string[]; patch: object; back: object };

/** Few enough that one sees it move, many enough that one does not wait for the network. */
const AT_ONCE = 20;

/**
 * How a look comes to codes. A patch says only what differs, so codes are taken together that look alike now;
 * without the frame each keeps the one it has, with its words.
 */
export function stepsFor(codes: Code[], look: Look, withFrame: boolean): Step[] {
  const alike = new Map<string, Code[]>();
  for (const code of codes) {
    const key = JSON.stringify(code.design);
    alike.set(key, [...(alike.get(key) ?? []), code]);
  }
  return [...alike.values()].flatMap((group) => {
    const before = group[0]?.design ?? {};
    const after = withFrame ? look : { ...look, frame: before.frame ?? null };
    const patch = isSameLook(before, after) ? undefined : mergePatch(before, after);
    if (patch === undefined) return [];
    const back = mergePatch(after, before) ?? {};
    const ids = group.map(({ id }) => id);
    return Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, part) => ({
      ids: ids.slice(part * AT_ONCE, (part + 1) * AT_ONCE),
      patch,
      back,
    }));
  });
}

/** The steps without the codes that are left as they are. */
export function without(steps: Step[], left: ReadonlySet<string>): Step[] {
  return steps
    .map((step) => ({ ...step, ids: step.ids.filter((id) => !left.has(id)) }))
    .filter(({ ids }) => ids.length > 0);
}
