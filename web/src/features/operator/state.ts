import type { Health, ProcessReport } from "./api";

export type State = "good" | "warn" | "bad";

const BEHIND_WARN = 30;
const RANK: Record<State, number> = { good: 0, warn: 1, bad: 2 };
const OF_GRADE = { works: "good", degraded: "warn", failing: "bad" } as const;

export function worst(states: State[]): State {
  return states.reduce<State>((found, state) => (RANK[state] > RANK[found] ? state : found), "good");
}

function sum(processes: ProcessReport[], of: (process: ProcessReport) => number | undefined): number {
  return processes.reduce((total, process) => total + (of(process) ?? 0), 0);
}

function greatest(processes: ProcessReport[], of: (process: ProcessReport) => number | null | undefined) {
  const values = processes.map(of).filter((value) => value !== null && value !== undefined);
  return values.length > 0 ? Math.max(...values) : undefined;
}

/** The state of a check over all processes, and what is wrong in the server's words. */
export function checkOf({ processes }: Health, name: string): { state: State; detail: string } | undefined {
  const found = processes.flatMap(({ checks }) => checks.filter((check) => check.name === name));
  const bad = found.find(({ grade }) => grade === "failing") ?? found.find(({ grade }) => grade !== "works");
  if (found.length === 0) return undefined;
  return bad ? { state: OF_GRADE[bad.grade], detail: bad.detail } : { state: "good", detail: "" };
}

/** What does not work and has no part of its own. */
export function otherTroubles({ processes }: Health, known: Set<string>) {
  return processes.flatMap(({ name, checks }) =>
    checks
      .filter((check) => check.grade !== "works" && !known.has(check.name))
      .map(({ name: what, grade, detail }) => ({
        process: name,
        name: what,
        state: OF_GRADE[grade],
        detail,
      })),
  );
}

/** The figures of the whole installation. */
export function figuresOf(health: Health) {
  const { processes, event_log: log } = health;
  const counting = processes.find((process) => process.counting)?.counting ?? undefined;
  const behind = counting && counting.behind_records > 0 ? counting.behind_seconds : 0;
  return {
    state: worst(
      processes.map(({ state }) => (state === "ready" ? "good" : state === "degraded" ? "warn" : "bad")),
    ),
    spoolFiles: sum(processes, ({ spool }) => spool?.files),
    spoolBytes: sum(processes, ({ spool }) => spool?.bytes),
    spoolAge: greatest(processes, ({ spool }) => spool?.age_seconds) ?? 0,
    hasSpool: processes.some(({ spool }) => spool),
    lost: sum(processes, ({ spool }) => spool?.lost),
    redirects: sum(processes, ({ redirects }) => redirects?.count),
    hasRedirects: processes.some(({ redirects }) => redirects),
    redirectSeconds: greatest(processes, ({ redirects }) => redirects?.p99_seconds),
    requests: sum(processes, ({ requests }) => requests?.count),
    requestSeconds: greatest(processes, ({ requests }) => requests?.p99_seconds),
    counting,
    behind,
    countingState: (behind > BEHIND_WARN ? "warn" : "good") as State,
    events: log ? log.waiting + Math.max(0, ...log.groups.map(({ events }) => events)) : undefined,
    eventSeconds: log
      ? Math.max(0, ...log.groups.map(({ events, seconds }) => (events > 0 ? (seconds ?? 0) : 0)))
      : 0,
    jobs: greatest(processes, ({ jobs_waiting: jobs }) => jobs),
    connections: sum(processes, ({ database }) => database?.connections_in_use),
    connectionsMax: sum(processes, ({ database }) => database?.connections_max),
    answerSeconds: greatest(processes, ({ database }) => database?.answer_seconds) ?? 0,
  };
}
