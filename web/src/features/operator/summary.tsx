import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";

import { formatNumber } from "@/lib/format";

import type { Health } from "./api";
import { figuresOf } from "./state";
import { formatDuration } from "./units";

/** How the server is, in one sentence. */
export function HealthSentence({ health }: { health: Health }) {
  const { state, lost } = figuresOf(health);
  const letters = health.dead_letters;
  return (
    <p className="words">
      {state === "good" ? (
        <Trans>Everything answers.</Trans>
      ) : state === "warn" ? (
        <span className="warn">
          <Trans>Something works worse than it should.</Trans>
        </span>
      ) : (
        <span className="bad">
          <Trans>Something does not answer.</Trans>
        </span>
      )}{" "}
      {letters ? (
        <span className="warn">
          <Plural value={letters} one="# letter needs a look." other="# letters need a look." />
        </span>
      ) : null}{" "}
      {lost > 0 ? (
        <span className="bad">
          <Plural value={lost} one="# scan was lost." other="# scans were lost." />
        </span>
      ) : (
        <span className="muted">
          <Trans>No scan was lost.</Trans>
        </span>
      )}
    </p>
  );
}

/** When the figures are from. It goes on counting while the server does not answer. */
export function Looked({ at, failed }: { at: number; failed: boolean }) {
  const { t } = useLingui();
  const [now, setNow] = useState(at);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const ago = formatDuration(Math.max(0, Math.round((now - at) / 1_000)) || 0.999);
  return (
    <span className={failed ? "badge badge-warn" : "badge badge-good"}>
      <span className="live" aria-hidden="true" />
      {failed
        ? t`Does not answer, figures ${ago} old`
        : now - at < 1_000
          ? t`Looked just now`
          : t`Looked ${ago} ago`}
    </span>
  );
}

/** Four figures. */
export function Facts({
  health,
  disk,
}: {
  health: Health;
  disk: { used: string; size: string; free: string } | null;
}) {
  const { t } = useLingui();
  const found = figuresOf(health);
  const letters = health.dead_letters;
  const isBehind = found.behind > 0 || (found.events ?? 0) > 0;
  const behind = formatDuration(Math.max(found.behind, found.eventSeconds));
  const age = formatDuration(found.spoolAge);
  const { used, size, free } = disk ?? {};
  return (
    <div className="facts4 num">
      <Fact
        name={t`Spool of scans`}
        figure={
          found.hasSpool ? (
            found.spoolFiles === 0 ? (
              t`0 waiting`
            ) : (
              <Plural value={found.spoolFiles} one="# file waits" other="# files wait" />
            )
          ) : (
            t`Not known`
          )
        }
        note={found.spoolFiles > 0 ? t`the oldest for ${age}` : t`written to disk first, then counted`}
      />
      <Fact
        name={t`Event log`}
        figure={found.events === undefined ? t`Not known` : isBehind ? t`${behind} behind` : t`Up to date`}
        note={
          <Plural
            value={(found.counting?.behind_records ?? 0) + (found.events ?? 0)}
            _0="nothing waits in it"
            one="# entry waits in it"
            other="# entries wait in it"
          />
        }
      />
      <Fact
        name={t`Dead letters`}
        figure={letters === null ? t`Not known` : formatNumber(letters)}
        note={letters === 0 ? t`nothing failed for good` : t`wait for your decision`}
      />
      <Fact
        name={t`Disk`}
        figure={disk ? t`${used} of ${size}` : t`Not known`}
        note={disk ? t`${free} free` : ""}
      />
    </div>
  );
}

type FactProps = { name: string; figure: React.ReactNode; note: React.ReactNode };

function Fact({ name, figure, note }: FactProps) {
  return (
    <div className="card">
      <p className="small muted">{name}</p>
      <b>{figure}</b>
      <p className="small muted">{note}</p>
    </div>
  );
}
