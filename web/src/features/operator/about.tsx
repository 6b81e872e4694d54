import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { IconChevronDown } from "@tabler/icons-react";

import { Asked } from "@/components/asked";
import { Icon } from "@/components/icon";
import { Skeleton } from "@/components/states";

import { type Room, roomQuery, settingsQuery } from "./api";
import { formatBytes } from "@/lib/format";

/** What runs, and with which settings. */
export function VersionCard() {
  const { t } = useLingui();
  const settings = useQuery(settingsQuery);
  return (
    <section className="card stack" aria-labelledby="version" style={{ "--gap": "12px" }}>
      <div className="row spread">
        <h2 id="version">
          <Trans>Version</Trans>
        </h2>
        {settings.data ? <span className="badge num">{settings.data.version}</span> : null}
      </div>
      <Asked
        query={settings}
        title={t`We cannot show the settings right now`}
        stillWorks={t`They are in force all the same.`}
        waiting={<Skeleton rows={1} picture={false} />}
      >
        {({ data, warnings }) => (
          <>
            {warnings.map((warning) => (
              <p key={warning} className="tip tip-warn small breaks">
                <span>{warning}</span>
              </p>
            ))}
            <details className="more small">
              <summary>
                <Trans>Settings</Trans>
                <span className="chev">
                  <Icon of={IconChevronDown} />
                </span>
              </summary>
              <dl className="settings-list">
                {data.map(({ name, shown, origin, description }) => (
                  <div key={name}>
                    <dt>
                      <span className="mono breaks">{name}</span>
                      <small className="muted" lang="en">
                        {description}
                      </small>
                    </dt>
                    <dd className="breaks">
                      {shown || "–"}
                      <small className="muted" lang="en">
                        {origin}
                      </small>
                    </dd>
                  </div>
                ))}
              </dl>
            </details>
          </>
        )}
      </Asked>
    </section>
  );
}

/** Where the bytes are. */
export function StorageCard() {
  const { t } = useLingui();
  const room = useQuery(roomQuery);
  return (
    <section className="card stack" aria-labelledby="storage" style={{ "--gap": "12px" }}>
      <h2 id="storage">
        <Trans>Storage</Trans>
      </h2>
      <Asked
        query={room}
        title={t`We cannot measure this right now`}
        stillWorks={t`What is stored stays where it is.`}
        waiting={<Skeleton rows={3} picture={false} />}
      >
        {(found) => <Bars room={found} />}
      </Asked>
    </section>
  );
}

function Bars({ room }: { room: Room }) {
  const { t } = useLingui();
  const shares = [
    { name: t`Scans`, bytes: room.scans, whole: true, colour: "var(--chart-1)" },
    { name: t`Pictures and files`, bytes: room.files, whole: room.files_whole, colour: "var(--chart-2)" },
    { name: t`All else`, bytes: room.database - room.scans, whole: true, colour: "var(--chart-6)" },
  ];
  const total = shares.reduce((sum, { bytes }) => sum + bytes, 0) || 1;
  return (
    <ul className="bars">
      {shares.map(({ name, bytes, whole, colour }) => {
        const size = formatBytes(bytes);
        return (
          <li key={name}>
            <span>{name}</span>
            <b className="num">{whole ? size : t`more than ${size}`}</b>
            <span className="track">
              <span style={{ width: `${(100 * bytes) / total}%`, "--c": colour }} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
