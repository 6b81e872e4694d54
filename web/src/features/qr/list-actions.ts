import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";

import { toast } from "@/components/toast";
import type { Code } from "@/lib/api/types";

import { type BulkRequest, useBulk } from "./list-api";

/** As many codes as one call takes. */
export const MOST_AT_ONCE = 1000;

type Step = Omit<BulkRequest, "ids" | "filter" | "items"> & { ids: string[] };

/** Does one thing with many codes, says for how many it worked, and offers the way back where there is one. */
export function useListActions() {
  const { t } = useLingui();
  const { mutateAsync, isPending } = useBulk();

  const run = async (steps: Step[]) => {
    let failed = 0;
    for (const step of steps) {
      for (let from = 0; from < step.ids.length; from += MOST_AT_ONCE) {
        failed += (await mutateAsync({ ...step, ids: step.ids.slice(from, from + MOST_AT_ONCE) })).failed;
      }
    }
    return failed;
  };
  const failure = () => toast({ text: t`That did not work. Nothing was changed.`, fault: true });
  const act = async (steps: Step[], back: Step[], said: string) => {
    try {
      const failed = await run(steps);
      const left = plural(failed, {
        one: "# code was left as it is.",
        other: "# codes were left as they are.",
      });
      const undo = () => void run(back).catch(failure);
      toast({ text: failed > 0 ? `${said} ${left}` : said, ...(back.length > 0 ? { undo } : {}) });
    } catch {
      failure();
    }
  };
  const ids = (codes: Code[]) => codes.map(({ id }) => id);

  return {
    busy: isPending,
    pause: (codes: Code[]) => {
      const live = ids(codes.filter(({ kind, status }) => kind === "dynamic" && status === "active"));
      const said = t`Paused. Visitors see that the codes are resting.`;
      return act([{ action: "pause", ids: live }], [{ action: "resume", ids: live }], said);
    },
    resume: (codes: Code[]) => {
      const paused = ids(codes.filter(({ status }) => status === "paused"));
      return act([{ action: "resume", ids: paused }], [{ action: "pause", ids: paused }], t`Live again.`);
    },
    putAway: (codes: Code[]) => {
      const all = ids(codes);
      const said = t`Put away. They go on working.`;
      return act([{ action: "archive", ids: all }], [{ action: "unarchive", ids: all }], said);
    },
    takeBack: (codes: Code[]) => {
      const all = ids(codes);
      return act(
        [{ action: "unarchive", ids: all }],
        [{ action: "archive", ids: all }],
        t`Back in your list.`,
      );
    },
    remove: (codes: Code[]) => {
      const all = ids(codes);
      const said = plural(all.length, { one: "# code is in the trash.", other: "# codes are in the trash." });
      return act([{ action: "delete", ids: all }], [{ action: "restore", ids: all }], said);
    },
    restore: (codes: Code[]) => {
      const all = ids(codes);
      return act([{ action: "restore", ids: all }], [{ action: "delete", ids: all }], t`Back in your list.`);
    },
    removeForGood: (codes: Code[]) => act([{ action: "remove", ids: ids(codes) }], [], t`Removed for good.`),
    move: (codes: Code[], folder: string | null) => {
      const before = new Map<string | null, string[]>();
      for (const { id, folder_id: from } of codes) before.set(from, [...(before.get(from) ?? []), id]);
      const back = [...before].map(([from, some]): Step => ({ action: "move", ids: some, folder_id: from }));
      return act([{ action: "move", ids: ids(codes), folder_id: folder }], back, t`Moved.`);
    },
    tag: (codes: Code[], tag: string) => {
      const without = ids(codes.filter(({ tags }) => !has(tags, tag)));
      const step = { tags: [tag], ids: without };
      return act([{ ...step, action: "tag" }], [{ ...step, action: "untag" }], t`Tagged.`);
    },
    untag: (codes: Code[], tag: string) => {
      const step = { tags: [tag], ids: ids(codes.filter(({ tags }) => has(tags, tag))) };
      return act([{ ...step, action: "untag" }], [{ ...step, action: "tag" }], t`Tag taken away.`);
    },
    transfer: (codes: Code[], workspace: string) =>
      act(
        [{ action: "transfer", ids: ids(codes), workspace_id: workspace }],
        [],
        t`They are in your other shop now.`,
      ),
  };
}

function has(tags: string[], tag: string): boolean {
  return tags.some((each) => each.toLowerCase() === tag.toLowerCase());
}
