import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { startOfDay } from "@/lib/days";
import { formatNumber } from "@/lib/format";

import { breakdownQuery, seriesQuery } from "./api";
import { Spark } from "./spark";

const MOST = 100;

/** How often each code was scanned today and in the last seven days, by id. */
export function useCodeCounts(timeZone: string) {
  const to = startOfDay(timeZone, 1);
  const day = useQuery(breakdownQuery({ from: startOfDay(timeZone), to, timeZone }, "qr_code", MOST));
  const week = useQuery(breakdownQuery({ from: startOfDay(timeZone, -6), to, timeZone }, "qr_code", MOST));
  const table = (query: typeof day) =>
    new Map((query.data?.data ?? []).map(({ value, hits }) => [value, hits] as const));
  return {
    ready: Boolean(day.data && week.data),
    today: table(day),
    week: table(week),
  };
}

export function TodayCount({ counted, count }: { counted: boolean; count: number }) {
  if (!counted) {
    return (
      <span className="today num">
        <span className="tiny quiet nc">
          <Trans>not counted</Trans>
        </span>
      </span>
    );
  }
  return (
    <span className={count === 0 ? "today num none" : "today num"}>
      <b>{formatNumber(count)}</b>
      <span className="tiny quiet">
        <Trans>today</Trans>
      </span>
    </span>
  );
}

/** The last seven days of one code. */
export function CodeSpark({ code, timeZone }: { code: string; timeZone: string }) {
  const question = { code, from: startOfDay(timeZone, -6), to: startOfDay(timeZone, 1), timeZone };
  const { data } = useQuery(seriesQuery(question, "day"));
  return <Spark values={(data?.data ?? []).map(({ hits }) => hits)} />;
}
