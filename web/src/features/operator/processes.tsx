import { Trans, useLingui } from "@lingui/react/macro";

import type { ProcessReport } from "./api";

const STATES = { ready: "good", degraded: "warn", waiting: "bad", away: "bad" } as const;

/** Where the installation has several processes: each with what runs in it. */
export function Processes({ processes }: { processes: ProcessReport[] }) {
  const { t } = useLingui();
  if (processes.length < 2) return null;
  const words = {
    ready: t`ready`,
    degraded: t`works, but worse than it should`,
    waiting: t`cannot do its work`,
    away: t`does not answer`,
  };
  return (
    <section className="card card-flush parts" aria-labelledby="processes">
      <div className="card-head padded">
        <h2 id="processes">
          <Trans>Processes</Trans>
        </h2>
      </div>
      <ul className="list">
        {processes.map(({ name, address, services, state, version }) => (
          <li key={address ?? name}>
            <span className={`dot dot-${STATES[state]}`} aria-hidden="true" />
            <span className="breaks">
              <b>{name}</b>
              <small>
                {services.join(", ")} · {words[state]}
              </small>
            </span>
            <span className="num muted">{version}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
