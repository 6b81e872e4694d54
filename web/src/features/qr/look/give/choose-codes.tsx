import { Trans, useLingui } from "@lingui/react/macro";
import { Checkbox, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Asked } from "@/components/asked";
import { Icon } from "@/components/icon";
import { ShowMore } from "@/components/show-more";
import { Skeleton } from "@/components/states";
import type { Code } from "@/lib/api/types";

import { codesQuery } from "../../api";
import { Thumbnail } from "../../picture";

type Props = {
  /** The code that has the look already. */
  except: string | undefined;
  chosen: ReadonlyMap<string, Code>;
  onChosen: (chosen: ReadonlyMap<string, Code>) => void;
};

/** Codes by their names, to tick. What is ticked stays so while one searches for others. */
export function ChooseCodes({ except, chosen, onChosen }: Props) {
  const { t } = useLingui();
  const [question, setQuestion] = useState("");
  const [asked] = useDebouncedValue(question.trim(), 200);
  const list = useInfiniteQuery({
    ...codesQuery(asked ? { q: asked } : {}),
    placeholderData: keepPreviousData,
  });
  const toggle = (code: Code, on: boolean) => {
    const next = new Map(chosen);
    if (on) next.set(code.id, code);
    else next.delete(code.id);
    onChosen(next);
  };
  return (
    <div className="stack">
      <TextInput
        type="search"
        aria-label={t`Search`}
        placeholder={t`Name, place or tag`}
        leftSection={<Icon of={IconSearch} />}
        value={question}
        onChange={(event) => setQuestion(event.currentTarget.value)}
      />
      <Asked
        query={list}
        title={t`We cannot show your codes right now`}
        stillWorks={t`They go on working for your customers.`}
        waiting={<Skeleton rows={3} />}
      >
        {({ pages }) => {
          const found = pages.flatMap(({ data }) => data).filter(({ id }) => id !== except);
          return found.length === 0 ? (
            <p className="muted">
              {asked ? (
                <Trans>No code has this in its name.</Trans>
              ) : (
                <Trans>There is no other code yet.</Trans>
              )}
            </p>
          ) : (
            <ul className="file-list">
              {found.map((code) => (
                <li key={code.id}>
                  <Checkbox
                    className="give-row"
                    label={
                      <>
                        <Thumbnail code={code} />
                        <span className="truncate" dir="auto">
                          {code.name}
                        </span>
                      </>
                    }
                    checked={chosen.has(code.id)}
                    onChange={(event) => toggle(code, event.currentTarget.checked)}
                  />
                </li>
              ))}
            </ul>
          );
        }}
      </Asked>
      <ShowMore list={list} />
    </div>
  );
}
