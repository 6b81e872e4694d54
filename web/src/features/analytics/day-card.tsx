import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Asked } from "@/components/asked";
import { Skeleton } from "@/components/states";
import { startOfDay } from "@/lib/days";
import { formatDate, formatHour, formatNumber } from "@/lib/format";

import { seriesQuery, summaryQuery } from "./api";
import { DayCurve } from "./day-curve";
import { busiest, byHour, type Step, sum, usualDay } from "./usual";

const WEEKS_BACK = 28;

/** Today in words, and the day as a line beside a usual one. */
export function DayCard({ timeZone, live }: { timeZone: string; live: boolean }) {
  const { t } = useLingui();
  const from = startOfDay(timeZone);
  const to = startOfDay(timeZone, 1);
  const today = { from, to, timeZone };
  const summary = useQuery(summaryQuery(today));
  const hours = useQuery(seriesQuery(today, "hour"));
  // The largest of the answers; what is shown first does not wait for it.
  const before = useQuery({
    ...seriesQuery({ from: startOfDay(timeZone, -WEEKS_BACK), to: from, timeZone }, "hour"),
    enabled: summary.isSuccess && hours.isSuccess,
  });
  const past = before.data?.data ?? [];
  const usual = usualDay(past, from, timeZone);
  const now = new Date();
  const done = (hours.data?.data ?? []).filter(({ start }) => new Date(start) <= now);
  const line = byHour(done, timeZone).slice(0, done.length);
  return (
    <Asked
      query={summary}
      title={t`We cannot show your figures right now`}
      stillWorks={t`Every scan is still being counted.`}
      waiting={<Skeleton rows={3} picture={false} />}
      frame="card day-wait"
    >
      {({ hits: scans, visitors }) => (
        <section className="day" aria-labelledby="today">
          <p className="livepill" role="status">
            <span className={live ? "live" : "live off"} aria-hidden="true" />
            {live ? <Trans>Counting live</Trans> : <Trans>Counting, shown a little later</Trans>}
          </p>
          <h2 className="figure" id="today">
            <Headline scans={scans} />
          </h2>
          <p className="soft">
            <People people={visitors} scans={scans} />{" "}
            <Comparison scans={scans} line={line} usual={usual} from={from} timeZone={timeZone} past={past} />
          </p>
          {scans > 0 || usual ? (
            <DayCurve line={line} usual={usual} from={from} timeZone={timeZone} />
          ) : (
            <p className="day-end" />
          )}
        </section>
      )}
    </Asked>
  );
}

function Headline({ scans }: { scans: number }): ReactNode {
  if (scans === 0) return <Trans>Nobody scanned yet today</Trans>;
  const times = <Plural value={scans} one="# time" other="# times" />;
  return (
    <Trans>
      People scanned <b>{times}</b> today
    </Trans>
  );
}

function People({ people, scans }: { people: number; scans: number }): ReactNode {
  if (scans === 0) return null;
  return <Plural value={people} one="It was one person." other="It was # people." />;
}

type ComparisonProps = {
  scans: number;
  line: number[];
  usual: number[] | null;
  from: Date;
  timeZone: string;
  past: Step[];
};

function Comparison({ scans, line, usual, from, timeZone, past }: ComparisonProps): ReactNode {
  const weekday = formatDate(from, timeZone, { weekday: "long" });
  const hourWords = (hour: number) => formatHour(new Date(from.getTime() + hour * 3_600_000), timeZone);
  if (scans === 0) {
    const peak = busiest(byHour(past, timeZone));
    if (peak === null) return <Trans>Print your code, scan it once, and watch it arrive here.</Trans>;
    const time = hourWords(peak);
    return <Trans>Your busy time is around {time}.</Trans>;
  }
  const peak = busiest(line);
  const most = peak === null ? "" : hourWords(peak);
  const busy = most ? <Trans>Most came at {most}.</Trans> : null;
  if (!usual) return busy;
  const difference = scans - Math.round(sum(usual.slice(0, line.length)));
  const amount = formatNumber(Math.abs(difference));
  return (
    <>
      {difference > 0 ? (
        <Trans>
          {amount} more than on a usual {weekday} by now.
        </Trans>
      ) : difference < 0 ? (
        <Trans>
          {amount} fewer than on a usual {weekday} by now.
        </Trans>
      ) : (
        <Trans>As on a usual {weekday}.</Trans>
      )}{" "}
      {busy}
    </>
  );
}
