import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconChevronRight, IconPlus } from "@tabler/icons-react";

import { Asked } from "@/components/asked";
import { Icon } from "@/components/icon";
import { Logo } from "@/components/logo";
import { Page } from "@/components/page";
import { Skeleton } from "@/components/states";
import { CodeSpark, TodayCount, useCodeCounts } from "@/features/analytics/code-counts";
import { DayCard } from "@/features/analytics/day-card";
import { useLive } from "@/features/analytics/live";
import { initialsOf } from "@/features/auth/initials";
import { codesQuery } from "@/features/qr/api";
import { FirstCode } from "@/features/qr/first-code";
import { useLeadsTo } from "@/features/qr/leads-to";
import { Thumbnail } from "@/features/qr/picture";
import type { Code } from "@/lib/api/types";
import { useMe, useWorkspace } from "@/lib/session";

import { NextSteps } from "./next-steps";

const SHOWN = 5;

/** The answer first, in words: what happened today. */
export function HomePage() {
  const { t } = useLingui();
  const { user } = useMe();
  const { time_zone: timeZone } = useWorkspace();
  const live = useLive();
  const list = useInfiniteQuery(codesQuery({ sort: "-created_at" }, SHOWN));
  const codes = list.data?.pages.flatMap(({ data }) => data).slice(0, SHOWN);
  const name = user.name.split(" ")[0];
  return (
    <Page
      title={name ? t`Namaste, ${name}` : t`Namaste`}
      lead={
        <span className="only-mob">
          <Logo to="/app" compact />
        </span>
      }
      actions={
        <Link to="/app/more" className="avatar only-mob" aria-label={t`Your account`}>
          {initialsOf(user.name || user.email)}
        </Link>
      }
    >
      {codes?.length === 0 ? (
        <div className="card">
          <FirstCode />
        </div>
      ) : (
        <div className="home">
          <div className="stack roomy">
            <DayCard timeZone={timeZone} live={live} />
            <NewCode className="only-mob" />
            <section className="card card-flush" aria-labelledby="codes">
              <div className="card-head padded">
                <h2 id="codes">
                  <Trans>Your codes</Trans>
                </h2>
                <Link className="link small" to="/app/codes">
                  <Trans>See all</Trans> <Icon of={IconChevronRight} turns />
                </Link>
              </div>
              <Asked
                query={{ ...list, data: codes }}
                title={t`We cannot show your codes right now`}
                stillWorks={t`They go on working for your customers.`}
                waiting={<Skeleton rows={SHOWN} />}
                frame="padded"
              >
                {(found) => <HomeCodes codes={found} timeZone={timeZone} />}
              </Asked>
            </section>
          </div>
          <div className="stack roomy">
            <NewCode className="only-desk" />
            <NextSteps codes={codes ?? []} />
          </div>
        </div>
      )}
    </Page>
  );
}

function NewCode({ className }: { className: string }) {
  return (
    <Button
      component={Link}
      to="/app/new"
      fullWidth
      className={`newbig ${className}`}
      leftSection={<Icon of={IconPlus} />}
    >
      <Trans>New code</Trans>
    </Button>
  );
}

function HomeCodes({ codes, timeZone }: { codes: Code[]; timeZone: string }) {
  const leadsTo = useLeadsTo();
  const { today } = useCodeCounts(timeZone);
  return (
    <ul className="list homecodes">
      {codes.map((code) => (
        <li key={code.id}>
          <Link to="/app/codes/$codeId" params={{ codeId: code.id }}>
            <Thumbnail code={code} />
            <span className="grow">
              <span className="strong truncate" dir="auto">
                {code.name}
              </span>
              <span className="small muted truncate" dir="auto">
                {leadsTo(code)}
              </span>
            </span>
            {code.kind === "dynamic" ? (
              <CodeSpark code={code.id} timeZone={timeZone} />
            ) : (
              <span className="spark" />
            )}
            <TodayCount counted={code.kind === "dynamic"} count={today.get(code.id) ?? 0} />
            <span className="only-desk quiet">
              <Icon of={IconChevronRight} turns />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
