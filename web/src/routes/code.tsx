import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { Page } from "@/components/page";
import { CodeCountsPanel } from "@/features/analytics/code-counts-panel";
import { useLive } from "@/features/analytics/live";
import { type RangeChoice, rangeOf, RangePicker } from "@/features/analytics/range";
import { codeQuery } from "@/features/qr/api";
import { CodeHead } from "@/features/qr/code-head";
import { FreshCard } from "@/features/qr/fresh-card";
import { StatusBadge } from "@/features/qr/status-badge";
import { useWorkspace } from "@/lib/session";

import { NoCode } from "./no-code";

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
  if (!code) return <NoCode error={error} onRetry={() => void refetch()} />;
  const counting = code.link !== null && code.status === "active";
  return (
    <Page
      title={code.name}
      back={{ to: "/app/codes", label: t`Codes` }}
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
