import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";

import { Page } from "@/components/page";
import { Empty, Failure, Skeleton } from "@/components/states";
import { CodeCountsPanel } from "@/features/analytics/code-counts-panel";
import { useLive } from "@/features/analytics/live";
import { type RangeChoice, rangeOf, RangePicker } from "@/features/analytics/range";
import { codeQuery } from "@/features/qr/api";
import { CodeHead } from "@/features/qr/code-head";
import { FreshCard } from "@/features/qr/fresh-card";
import { StatusBadge } from "@/features/qr/status-badge";
import { isProblem } from "@/lib/api/problem";
import { useWorkspace } from "@/lib/session";

const route = getRouteApi("/inside/shell/app/codes/$codeId");

/** One code: where it leads, what can be done with it, who scanned it. */
export function CodePage() {
  const { t } = useLingui();
  const { codeId } = route.useParams();
  const { fresh = false, ...choice } = route.useSearch();
  const navigate = useNavigate({ from: "/app/codes/$codeId" });
  const { time_zone: timeZone } = useWorkspace();
  const { data: code, error, refetch } = useQuery(codeQuery(codeId));
  const live = useLive(codeId);
  const range: RangeChoice = { ...choice, range: choice.range ?? "7" };
  const back = { to: "/app/codes", label: t`Codes` } as const;
  if (isProblem(error, 404)) {
    return (
      <Page title={t`Not found`} back={back}>
        <Empty
          title={t`There is no such code`}
          actions={
            <Button component={Link} to="/app/codes">
              {t`Show all codes`}
            </Button>
          }
        />
      </Page>
    );
  }
  if (!code) {
    return (
      <Page title={t`Code`} back={back}>
        <section className="card">
          {error ? (
            <Failure
              error={error}
              title={t`We cannot show this code right now`}
              stillWorks={t`It goes on working, and every scan is still being counted.`}
              onRetry={() => void refetch()}
            />
          ) : (
            <Skeleton rows={3} />
          )}
        </section>
      </Page>
    );
  }
  const counting = code.link !== null && code.status === "active";
  return (
    <Page
      title={code.name}
      back={back}
      actions={
        counting && live ? (
          <span className="badge badge-good">
            <span className="live" aria-hidden="true" /> <Trans>Live</Trans>
          </span>
        ) : (
          <StatusBadge status={code.status} />
        )
      }
    >
      <div className="stack roomy">
        {fresh ? <FreshCard code={code} /> : null}
        <CodeHead code={code} fresh={fresh} />
        {code.link ? (
          <>
            <RangePicker
              choice={range}
              timeZone={timeZone}
              onChange={({ range: name, from, to }) =>
                void navigate({
                  search: { range: name, ...(from && to ? { from, to } : {}), ...(fresh ? { fresh } : {}) },
                  replace: true,
                })
              }
            />
            <CodeCountsPanel question={{ ...rangeOf(range, timeZone), code: code.id }} />
          </>
        ) : (
          <p className="tip">
            <Trans>
              This code holds everything itself: every phone reads it, also without internet. So nobody can
              count its scans, and a change needs a new print.
            </Trans>
          </p>
        )}
      </div>
    </Page>
  );
}
