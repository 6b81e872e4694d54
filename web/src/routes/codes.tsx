import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, Indicator, NativeSelect } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate, useRouter } from "@tanstack/react-router";
import {
  IconAdjustmentsHorizontal,
  IconArrowsSort,
  IconLayoutGrid,
  IconList,
  IconPlus,
  IconTableImport,
} from "@tabler/icons-react";
import { useState } from "react";

import { Asked } from "@/components/asked";
import { Icon } from "@/components/icon";
import { Page } from "@/components/page";
import { ShowMore } from "@/components/show-more";
import { Skeleton } from "@/components/states";
import { CodeSpark, TodayCount, useCodeCounts } from "@/features/analytics/code-counts";
import { useLive } from "@/features/analytics/live";
import { codesQuery } from "@/features/qr/api";
import { CodeList } from "@/features/qr/code-list";
import { FirstCode } from "@/features/qr/first-code";
import { useChosen } from "@/features/qr/list-all";
import { foldersQuery } from "@/features/qr/list-api";
import { ListBar } from "@/features/qr/list-bar";
import { FilterSheet } from "@/features/qr/list-filter";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/session";

import { NothingFound, SearchField } from "./codes-search";
import { CodesInWords, StateChips } from "./codes-states";
import type { CodesSearch } from "./codes-address";

const route = getRouteApi("/inside/shell/app/codes");
const NO_FILTER = {
  q: undefined,
  show: undefined,
  folder: undefined,
  tag: undefined,
  type: undefined,
  kind: undefined,
};

/** Runs `change` when the sheet's entry has left the history: what is changed before that would leave with it. */
function useAfterSheet() {
  const { history } = useRouter();
  return (change: () => void) => {
    const stop = history.subscribe(() => {
      stop();
      setTimeout(change);
    });
  };
}

/** All codes: found by name or address, sorted, filtered; everything chosen is in the page's address. */
export function CodesPage() {
  const { t } = useLingui();
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/app/codes" });
  const { time_zone: timeZone } = useWorkspace();
  useLive();
  const { q, sort = "-created_at", show, folder, tag, type, kind, view } = search;
  const filter = {
    sort,
    ...(q ? { q } : {}),
    ...(show ? { status: show } : {}),
    ...(folder ? { folder } : {}),
    ...(tag ? { tag } : {}),
    ...(type ? { content_type: type } : {}),
    ...(kind ? { kind } : {}),
  };
  const list = useInfiniteQuery({ ...codesQuery(filter), placeholderData: keepPreviousData });
  const { data: folders = [] } = useQuery(foldersQuery);
  const counts = useCodeCounts(timeZone);
  const afterSheet = useAfterSheet();
  const [filtering, setFiltering] = useState(false);
  const codes = list.data?.pages.flatMap(({ data }) => data);
  const chosen = useChosen(codes ?? [], filter, list.hasNextPage);
  const narrowed = [folder, tag, type, kind].filter((each) => each !== undefined).length;
  const filtered = Boolean(q) || show !== undefined || narrowed > 0;
  const go = (change: { [Name in keyof CodesSearch]: CodesSearch[Name] | undefined }) =>
    void navigate({
      search: (before) =>
        Object.fromEntries(
          Object.entries({ ...before, ...change }).filter(([, value]) => value && value.length > 0),
        ) as CodesSearch,
      replace: true,
    });
  const week = [...counts.week.values()].reduce((sum, hits) => sum + hits, 0);
  return (
    <Page
      title={t`Codes`}
      actions={
        <>
          <Button
            component={Link}
            to="/app/codes/many"
            size="sm"
            variant="default"
            leftSection={<Icon of={IconTableImport} />}
          >{t`Many at once`}</Button>
          <Button
            component={Link}
            to="/app/new"
            size="sm"
            className="only-desk"
            leftSection={<Icon of={IconPlus} />}
          >{t`New code`}</Button>
        </>
      }
    >
      <div className={chosen.codes.length > 0 ? "stack above-bulk" : "stack"}>
        {counts.ready && !filtered && codes && codes.length > 0 ? <CodesInWords scans={week} /> : null}
        <div className="toolbar">
          <SearchField start={q ?? ""} onSearch={(text) => go({ q: text || undefined })} />
          <Indicator disabled={narrowed === 0} label={formatNumber(narrowed)} size={18}>
            <ActionIcon variant="default" aria-label={t`Filter`} onClick={() => setFiltering(true)}>
              <Icon of={IconAdjustmentsHorizontal} />
            </ActionIcon>
          </Indicator>
          <ActionIcon
            variant="default"
            aria-label={view ? t`Show as a list` : t`Show as pictures`}
            onClick={() => go({ view: view ? undefined : "grid" })}
          >
            <Icon of={view ? IconList : IconLayoutGrid} />
          </ActionIcon>
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
        {show === "deleted" ? (
          <p className="muted">
            <Trans>Deleted codes stay here for 30 days and can be brought back.</Trans>
          </p>
        ) : null}
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
                  <NothingFound q={q} trash={show === "deleted"} onAll={() => go(NO_FILTER)} />
                ) : (
                  <FirstCode />
                )}
              </section>
            ) : (
              <section className={view ? "card card-flush bare" : "card card-flush"}>
                <CodeList
                  codes={found}
                  label={t`Your codes`}
                  grid={view === "grid"}
                  chosen={chosen.marked}
                  onChosen={chosen.onMarked}
                  folder={(code) => folders.find(({ id }) => id === code.folder_id)?.name ?? ""}
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
        <ShowMore list={list} />
      </div>
      {chosen.codes.length > 0 ? <ListBar chosen={chosen} /> : null}
      <FilterSheet
        opened={filtering}
        onClose={() => setFiltering(false)}
        filter={{ folder, tag, type, kind }}
        onFilter={({ folder, tag, type, kind }) => {
          setFiltering(false);
          afterSheet(() => go({ folder, tag, type, kind }));
        }}
      />
    </Page>
  );
}
