import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

import type { Health, Room } from "./api";
import { checkOf, figuresOf, otherTroubles, type State, worst } from "./state";
import { formatDuration } from "./units";

type PartProps = { name: string; note: ReactNode; figure?: string; state?: State };

/** Each part with its state as a colour, a shape and a word. */
export function Parts({ health, room }: { health: Health; room: Room | undefined }) {
  return (
    <section className="card card-flush parts" aria-labelledby="parts">
      <div className="card-head padded">
        <h2 id="parts">
          <Trans>Parts</Trans>
        </h2>
      </div>
      <ul className="list">
        {useParts(health, room).map((part) => (
          <Part key={part.name} {...part} />
        ))}
      </ul>
    </section>
  );
}

function Part({ name, note, figure = "", state = "good" }: PartProps) {
  const { t } = useLingui();
  const words = { good: t`works`, warn: t`needs a look`, bad: t`does not work` };
  return (
    <li>
      <span className={`dot dot-${state}`} aria-hidden="true" />
      <span>
        <b>{name}</b> <span className="sr">{words[state]}</span>
        <small>{note}</small>
      </span>
      <span className="num muted">{figure}</span>
    </li>
  );
}

function useParts(health: Health, room: Room | undefined): PartProps[] {
  const { t } = useLingui();
  const found = figuresOf(health);
  const routing = checkOf(health, "routing");
  const database = checkOf(health, "database");
  const redis = checkOf(health, "redis");
  const usual = t`nobody came yet`;
  const redirected = plural(found.redirects, {
    one: "# answer since the start",
    other: "# answers since the start",
  });
  const requested = plural(found.requests, {
    one: "# request since the start",
    other: "# requests since the start",
  });
  const { events, jobs, connections, connectionsMax } = found;
  const uncounted = found.counting?.behind_records ?? 0;
  const mails = health.mail_waiting;
  const parts: PartProps[] = [];
  if (found.hasRedirects) {
    parts.push({
      name: t`Redirect`,
      note: routing?.detail || (found.redirects > 0 ? redirected : usual),
      figure: found.redirectSeconds === undefined ? "" : formatDuration(found.redirectSeconds),
      state: worst([routing?.state ?? "good", found.lost > 0 ? "bad" : "good"]),
    });
  }
  parts.push({
    name: t`Gateway`,
    note: requested,
    figure: found.requestSeconds === undefined ? "" : formatDuration(found.requestSeconds),
  });
  if (found.counting) {
    parts.push({
      name: t`Counting`,
      note:
        uncounted > 0
          ? plural(uncounted, { one: "# scan to count", other: "# scans to count" })
          : t`every scan is counted`,
      figure: found.behind > 0 ? formatDuration(found.behind) : "",
      state: found.countingState,
    });
  }
  if (events !== undefined) {
    parts.push({
      name: t`Events`,
      note:
        events > 0
          ? plural(events, { one: "# event to hand on", other: "# events to hand on" })
          : t`all are handed on`,
      figure: found.eventSeconds > 0 ? formatDuration(found.eventSeconds) : "",
      state: found.eventSeconds > 120 ? "warn" : "good",
    });
  }
  if (jobs !== undefined) {
    parts.push({
      name: t`Jobs`,
      note: jobs > 0 ? plural(jobs, { one: "# job waits", other: "# jobs wait" }) : t`no job waits`,
    });
  }
  parts.push({
    name: t`Mail`,
    note: health.mail_delivers ? t`goes out by the mail server` : t`no mail server set, outbox folder`,
    figure: mails > 0 ? plural(mails, { one: "# waits", other: "# wait" }) : "",
    state: health.mail_delivers && mails === 0 ? "good" : "warn",
  });
  if (room) parts.push({ name: t`Files`, note: room.files_at === "local" ? t`local folder` : room.files_at });
  parts.push({
    name: t`Database`,
    note: database?.detail || t`${connections} of ${connectionsMax} connections`,
    figure: formatDuration(found.answerSeconds),
    state: database?.state ?? "good",
  });
  if (redis) parts.push({ name: "Redis", note: redis.detail || t`answers`, state: redis.state });
  const known = new Set(["routing", "database", "redis"]);
  for (const { process, name, state, detail } of otherTroubles(health, known)) {
    parts.push({ name: `${name} · ${process}`, note: detail, state });
  }
  return parts;
}
