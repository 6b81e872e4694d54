import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useIsFetching, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { toast } from "@/components/toast";
import type { Code } from "@/lib/api/types";

import { type CodeFilter, everyCodeQuery, MOST_CHOSEN } from "./api";

/** The chosen codes of a list, also those that fit its filter and are not shown yet. */
export function useChosen(shown: Code[], filter: CodeFilter, isMore: boolean) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const every = everyCodeQuery(filter);
  const key = JSON.stringify(every.queryKey);
  // The filter for which all were chosen: with another one they are others.
  const [wholeFor, setWholeFor] = useState<string>();
  const whole = wholeFor === key;
  const { data: fetched = [] } = useQuery({ ...every, enabled: whole });
  const isBusy = useIsFetching({ queryKey: every.queryKey }) > 0;
  const known = new Map([...(whole ? fetched : []), ...shown].map((code) => [code.id, code]));
  const codes = [...known.values()].filter(({ id }) => marked.has(id));
  const isAll = codes.length === known.size && (whole || !isMore);
  const mark = (some: Code[]) => setMarked(new Set(some.map(({ id }) => id)));
  const chooseAll = async () => {
    if (!isMore) {
      mark(shown);
      return;
    }
    try {
      const all = await client.query(every);
      mark(all);
      setWholeFor(key);
      if (all.length >= MOST_CHOSEN) {
        const first = plural(MOST_CHOSEN, { one: "# code", other: "# codes" });
        toast({ text: t`The first ${first} are chosen. Do the same again for the others.` });
      }
    } catch {
      toast({ text: t`Not all could be chosen. Check your network and try again.`, fault: true });
    }
  };
  return {
    codes,
    marked,
    onMarked: setMarked,
    none: () => {
      setMarked(new Set());
      setWholeFor(undefined);
    },
    /** The filter of which they are everything, also what is not shown. */
    whole: isAll && whole && fetched.length < MOST_CHOSEN ? filter : undefined,
    /** What chooses the others too, as long as there are some. */
    others: isAll ? undefined : { choose: () => void chooseAll(), isBusy },
  };
}

export type Chosen = ReturnType<typeof useChosen>;
