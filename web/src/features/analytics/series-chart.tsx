import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconChartBar, IconTable } from "@tabler/icons-react";
import { useState } from "react";

import { Icon } from "@/components/icon";
import type { Series } from "@/lib/api/types";
import { weekdayOf } from "@/lib/days";
import { formatDay, formatHour, formatLongDay, formatNumber } from "@/lib/format";

type Props = { data: Series["data"]; interval: "hour" | "day"; timeZone: string };

/** Scans over time: bars that can be reached one by one with the keyboard, or the same as a table. */
export function SeriesChart({ data, interval, timeZone }: Props) {
  const { t } = useLingui();
  const [asTable, setAsTable] = useState(false);
  const most = Math.max(1, ...data.map(({ hits }) => hits));
  const long = (start: string) =>
    interval === "hour" ? formatHour(start, timeZone) : formatLongDay(start, timeZone);
  const short = (start: string) =>
    interval === "hour" ? formatHour(start, timeZone) : formatDay(start, timeZone);
  const weekend = (start: string) =>
    interval === "day" && [0, 6].includes(weekdayOf(new Date(start), timeZone));
  const labelled = new Set([0, 1, 2, 3, 4].map((step) => Math.round((step * (data.length - 1)) / 4)));
  const best = data.reduce<Series["data"][number] | undefined>(
    (top, bar) => (bar.hits > (top?.hits ?? 0) ? bar : top),
    undefined,
  );
  const bestTime = best ? long(best.start) : "";
  const bestScans = formatNumber(best?.hits ?? 0);
  return (
    <>
      {asTable ? (
        // A part that scrolls must be reachable with the keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="scrolls" tabIndex={0} role="region" aria-label={t`Scans over time`}>
          <table className="table num">
            <thead>
              <tr>
                <th scope="col">{interval === "hour" ? t`Hour` : t`Day`}</th>
                <th scope="col" className="r">{t`Scans`}</th>
                {interval === "day" ? <th scope="col" className="r">{t`People`}</th> : null}
              </tr>
            </thead>
            <tbody>
              {data.map(({ start, hits, visitors }) => (
                <tr key={start}>
                  <td>{long(start)}</td>
                  <td className="r">{formatNumber(hits)}</td>
                  {visitors === null ? null : <td className="r">{formatNumber(visitors)}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <div>
          <ol className="plot" aria-label={t`Scans over time`} style={{ "--max": most }}>
            {data.map(({ start, hits }) => {
              const time = long(start);
              const count = formatNumber(hits);
              return (
                <li key={start} className={weekend(start) || interval === "hour" ? "we" : undefined}>
                  <button type="button" style={{ "--v": hits }} aria-label={t`${time}: ${count} scans`}>
                    <span aria-hidden="true">{count}</span>
                  </button>
                </li>
              );
            })}
          </ol>
          <p className="axis" aria-hidden="true">
            {data.map(({ start }, index) =>
              labelled.has(index) ? <span key={start}>{short(start)}</span> : null,
            )}
          </p>
        </div>
      )}
      <div className="row wrap small muted spread">
        <span className="row wrap">
          {interval === "day" && !asTable ? (
            <>
              <span className="legend">
                <i className="we" /> <Trans>Saturday, Sunday</Trans>
              </span>
              <span className="legend">
                <i /> <Trans>Other days</Trans>
              </span>
            </>
          ) : null}
          {best ? (
            <Trans>
              Most: {bestTime}, {bestScans} scans
            </Trans>
          ) : null}
        </span>
        <Button
          variant="subtle"
          size="sm"
          leftSection={<Icon of={asTable ? IconChartBar : IconTable} />}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? t`Show as bars` : t`Show as a table`}
        </Button>
      </div>
    </>
  );
}
