import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { Asked } from "@/components/asked";
import { Skeleton } from "@/components/states";
import type { Summary } from "@/lib/api/types";
import { startOfDay } from "@/lib/days";
import { formatNumber } from "@/lib/format";

import { type Question, seriesQuery, summaryQuery } from "./api";
import { BreakdownCard } from "./breakdown";
import { CodeHeadline } from "./code-headline";
import { NotCounted } from "./not-counted";
import { SeriesChart } from "./series-chart";

const DAY_MS = 86_400_000;

/** Everything that is known about the scans of one code in a range. */
export function CodeCountsPanel({ question }: { question: Question }) {
  const { t } = useLingui();
  const { timeZone } = question;
  const interval = question.to.getTime() - question.from.getTime() <= 1.1 * DAY_MS ? "hour" : "day";
  const summary = useQuery(summaryQuery(question));
  const series = useQuery(seriesQuery(question, interval));
  const today = useQuery(
    summaryQuery({ ...question, from: startOfDay(timeZone), to: startOfDay(timeZone, 1) }),
  );
  return (
    <Asked
      query={summary}
      title={t`We cannot show your figures right now`}
      stillWorks={t`Every scan is still being counted.`}
      waiting={<Skeleton rows={4} picture={false} />}
      frame="card"
    >
      {(counts) => (
        <div className="code-grid">
          <section className="card stack wide" aria-labelledby="code-words">
            <h2 className="words" id="code-words">
              <CodeHeadline question={question} scans={counts.hits} />
            </h2>
            <dl className="kpis num" aria-live="polite">
              <div>
                <dt>{t`Scans`}</dt>
                <dd>{formatNumber(counts.hits)}</dd>
              </div>
              <div>
                <dt>{t`People`}</dt>
                <dd>{formatNumber(counts.visitors)}</dd>
              </div>
              <div>
                <dt>{t`Today`}</dt>
                <dd>{formatNumber(today.data?.hits ?? 0)}</dd>
              </div>
            </dl>
            {series.data && counts.hits > 0 ? (
              <SeriesChart data={series.data.data} interval={interval} timeZone={timeZone} />
            ) : null}
          </section>
          {counts.hits > 0 ? (
            <>
              <Places question={question} place={counts.place} />
              <BreakdownCard question={question} dimension="os" title={t`With what`} />
              <BreakdownCard question={question} dimension="browser" title={t`Browser`} />
              <BreakdownCard question={question} dimension="language" title={t`Language of the phone`} />
            </>
          ) : null}
          <div className="whole">
            <NotCounted summary={counts} />
            <p className="small muted">
              <Trans>People are counted anew each day: nobody is followed longer.</Trans>
            </p>
          </div>
        </div>
      )}
    </Asked>
  );
}

/** Where people were, with the credit its source asks for; or why that is not known. */
function Places({ question, place }: { question: Question; place: Summary["place"] }) {
  const { t } = useLingui();
  if (!place.available) {
    return (
      <section className="card" aria-label={t`Where`}>
        <h2 className="card-head">{t`Where`}</h2>
        <p className="muted">
          <Trans>
            Places are not known here: this server has no place database. Scans are counted all the same.
          </Trans>
        </p>
      </section>
    );
  }
  return (
    <>
      <BreakdownCard question={question} dimension="city" title={t`Where`}>
        <p className="small muted credit">
          <Trans>Right to about the town.</Trans>{" "}
          <a href={place.attribution_url} rel="noreferrer" target="_blank">
            {place.attribution}
          </a>
        </p>
      </BreakdownCard>
      <BreakdownCard question={question} dimension="country" title={t`Country`} />
    </>
  );
}
