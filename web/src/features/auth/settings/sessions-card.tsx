import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconCode, IconDeviceDesktop, IconDeviceMobile, IconLogout } from "@tabler/icons-react";

import { Asked } from "@/components/asked";
import { Icon } from "@/components/icon";
import { Skeleton } from "@/components/states";
import { toast } from "@/components/toast";
import type { SessionView } from "@/lib/api/types";
import { formatAgo } from "@/lib/format";

import { sessionsQuery, useEndOtherSessions, useEndSession, useLogOut } from "../api";
import { useCommonWords } from "../faults";

const PHONES = /iphone|ipad|android|mobile/i;

/** Where you are signed in, and the ways out. */
export function SessionsCard({ onSignedOut }: { onSignedOut: () => void }) {
  const { t } = useLingui();
  const sessions = useQuery(sessionsQuery);
  const words = useCommonWords();
  const logOut = useLogOut();
  const endOthers = useEndOtherSessions();
  return (
    <section className="card card-flush" aria-labelledby="sessions">
      <div className="card-head padded">
        <h2 id="sessions">
          <Trans>Signed in on</Trans>
        </h2>
        {(sessions.data?.length ?? 0) > 1 ? (
          <button
            className="link small"
            type="button"
            onClick={() =>
              endOthers.mutate(undefined, {
                onSuccess: () => toast({ text: t`Signed out everywhere else` }),
                onError: (error) => toast({ text: words(error), fault: true }),
              })
            }
          >
            <Trans>Sign out everywhere else</Trans>
          </button>
        ) : null}
      </div>
      <Asked
        query={sessions}
        title={t`We cannot show this right now`}
        stillWorks={t`You stay signed in.`}
        waiting={<Skeleton rows={2} picture={false} />}
        frame="padded"
      >
        {(data) => (
          <ul className="list">
            {data.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </ul>
        )}
      </Asked>
      <div className="padded">
        <Button
          variant="default"
          leftSection={<Icon of={IconLogout} />}
          loading={logOut.isPending}
          onClick={() =>
            logOut.mutate(undefined, {
              onSuccess: onSignedOut,
              onError: (error) => toast({ text: words(error), fault: true }),
            })
          }
        >
          {t`Sign out on this device`}
        </Button>
      </div>
    </section>
  );
}

function SessionRow({ session }: { session: SessionView }) {
  const { t } = useLingui();
  const end = useEndSession();
  const words = useCommonWords();
  const { browser, system } = session;
  const name =
    browser && system
      ? t`${browser} on ${system}`
      : (browser ?? system ?? (session.kind === "program" ? t`A program` : t`An unknown browser`));
  const icon =
    session.kind === "program"
      ? IconCode
      : PHONES.test(session.user_agent)
        ? IconDeviceMobile
        : IconDeviceDesktop;
  return (
    <li className="session">
      <Icon of={icon} />
      <span className="grow">
        {name}
        <span className="small muted">{formatAgo(session.last_used_at)}</span>
      </span>
      {session.is_current ? (
        <span className="badge badge-good">
          <Trans>You, here</Trans>
        </span>
      ) : (
        <Button
          variant="default"
          size="sm"
          loading={end.isPending}
          aria-label={t`Sign out ${name}`}
          onClick={() =>
            end.mutate(session.id, {
              onSuccess: () => toast({ text: t`Signed out there` }),
              onError: (error) => toast({ text: words(error), fault: true }),
            })
          }
        >
          {t`Sign out`}
        </Button>
      )}
    </li>
  );
}
