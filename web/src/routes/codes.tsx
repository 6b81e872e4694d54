import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { IconArrowsSort, IconPlus, IconSearch } from "@tabler/icons-react";
import { useRef, useState } from "react";

import { Asked } from "@/components/asked";
import { Icon } from "@/components/icon";
import { Page } from "@/components/page";
import { Empty, Skeleton } from "@/components/states";
import { CodeSpark, TodayCount, useCodeCounts } from "@/features/analytics/code-counts";
import { useLive } from "@/features/analytics/live";
import { codesQuery } from "@/features/qr/api";
import { CodeList } from "@/features/qr/code-list";
import { FirstCode } from "@/features/qr/first-code";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/session";

import { CodesInWords, StateChips } from "./codes-states";
import type { CodesSearch } from "./router";

const route = getRouteApi("/inside/shell/app/codes");

/** All codes: found by name or address, sorted, filtered; everything chosen is in the page's address. */
export function CodesPage() {
  const { t } = useLingui();
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/app/codes" });
  const { time_zone: timeZone } = useWorkspace();
  useLive();
  const { q, sort = "-created_at", show } = search;
  const list = useInfiniteQuery({
    ...codesQuery({ sort, ...(q ? { q } : {}), ...(show ? { status: show } : {}) }),
    placeholderData: keepPreviousData,
  });
  const counts = useCodeCounts(timeZone);
  const codes = list.data?.pages.flatMap(({ data }) => data);
  const filtered = Boolean(q) || show !== undefined;
  const go = (change: { [Name in keyof CodesSearch]: CodesSearch[Name] | undefined }) =>
    void navigate({
      search: (before) =>
        Object.fromEntries(
          Object.entries({ ...before, ...change }).filter(([, value]) => value),
        ) as CodesSearch,
      replace: true,
    });
  const week = [...counts.week.values()].reduce((sum, hits) => sum + hits, 0);
  return (
    <Page
      title={t`Codes`}
      actions={
        <Button
          component={Link}
          to="/app/new"
          size="sm"
          className="only-desk"
          leftSection={<Icon of={IconPlus} />}
        >{t`New code`}</Button>
      }
    >
      <div className="stack">
        {counts.ready && !filtered && codes && codes.length > 0 ? <CodesInWords scans={week} /> : null}
        <div className="toolbar">
          <SearchField start={q ?? ""} onSearch={(text) => go({ q: text || undefined })} />
          <NativeSelect
            className="sort"
            aria-label={t`Sort`}
            leftSection={<Icon of={IconArrowsSort} />}
            value={sort}
            onChange={({ currentTarget: { value } }) =>
              go({ sort: value as NonNullable<CodesSearch["sort"]> })
            }
            data={[
              { value: "-created_at", label: t`Newest first` },
              { value: "-updated_at", label: t`Changed last` },
              { value: "name", label: t`By name` },
            ]}
          />
        </div>
        <StateChips show={show} onShow={(state) => go({ show: state })} />
        <Asked
          query={{ ...list, data: codes }}
          title={t`We cannot show your codes right now`}
          stillWorks={t`They go on working for your customers.`}
          waiting={<Skeleton rows={6} />}
          frame="card"
        >
          {(found) =>
            found.length === 0 ? (
              <section className="card">
                {filtered ? (
                  <NothingFound q={q} onAll={() => go({ q: undefined, show: undefined })} />
                ) : (
                  <FirstCode />
                )}
              </section>
            ) : (
              <section className="card card-flush">
                <CodeList
                  codes={found}
                  label={t`Your codes`}
                  today={(code) => (
                    <TodayCount counted={code.kind === "dynamic"} count={counts.today.get(code.id) ?? 0} />
                  )}
                  week={(code) =>
                    code.kind === "dynamic" ? formatNumber(counts.week.get(code.id) ?? 0) : ""
                  }
                  spark={(code) =>
                    code.kind === "dynamic" && counts.week.has(code.id) ? (
                      <CodeSpark code={code.id} timeZone={timeZone} />
                    ) : null
                  }
                />
              </section>
            )
          }
        </Asked>
        {list.hasNextPage ? (
          <Button
            variant="default"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            <Trans>Show more</Trans>
          </Button>
        ) : null}
      </div>
    </Page>
  );
}

/** Searches while one types; `/` comes here from anywhere on the page. */
function SearchField({ start, onSearch }: { start: string; onSearch: (text: string) => void }) {
  const { t } = useLingui();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(start);
  const [seen, setSeen] = useState(start);
  const [wanted, setWanted] = useState(start);
  const search = useDebouncedCallback((next: string) => {
    setWanted(next);
    onSearch(next);
  }, 200);
  // The address was changed by something else: "Show all", or the browser's way back.
  if (start !== seen) {
    setSeen(start);
    if (start !== wanted) setText(start);
  }
  useHotkeys([["/", () => field.current?.focus()]]);
  return (
    <TextInput
      ref={field}
      className="grow"
      type="search"
      aria-label={t`Find a code`}
      placeholder={t`Name or address`}
      leftSection={<Icon of={IconSearch} />}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        search(value.trim());
      }}
    />
  );
}

function NothingFound({ q, onAll }: { q: string | undefined; onAll: () => void }) {
  const { t } = useLingui();
  return (
    <Empty
      picture={<Icon of={IconSearch} />}
      title={q ? t`No code called “${q}”` : t`Nothing here`}
      actions={<Button variant="default" onClick={onAll}>{t`Show all codes`}</Button>}
    />
  );
}
