import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconAlertCircle } from "@tabler/icons-react";
import { useState } from "react";

import { Asked } from "@/components/asked";
import { Icon } from "@/components/icon";
import { ShowMore } from "@/components/show-more";
import { Skeleton } from "@/components/states";

import { type Mail, mailsQuery } from "./api";
import { MailSheet } from "./mail-sheet";

/** Mail that could not leave this machine. */
export function Outbox({ waiting, delivers }: { waiting: number; delivers: boolean }) {
  const { t } = useLingui();
  const mails = useInfiniteQuery(mailsQuery);
  const [shown, setShown] = useState<Mail>();
  return (
    <section className="card stack" id="outbox" aria-labelledby="outbox-title" style={{ "--gap": "8px" }}>
      <div className="row spread wrap">
        <h2 id="outbox-title">
          <Trans>Mail outbox</Trans>
        </h2>
        {waiting > 0 ? (
          <span className="badge badge-warn">
            <Icon of={IconAlertCircle} /> {t`${waiting} not sent`}
          </span>
        ) : null}
      </div>
      {delivers ? null : (
        <p className="small muted">
          <Trans>
            No mail server is set. Mails lie here; people are told on screen. Set{" "}
            <span className="mono">SCANLY_SMTP_URL</span> and they go out.
          </Trans>
        </p>
      )}
      <Asked
        query={mails}
        title={t`We cannot show the mail right now`}
        stillWorks={t`Nothing of it is lost.`}
        waiting={<Skeleton rows={2} picture={false} />}
      >
        {({ pages }) => {
          const all = pages.flatMap(({ data }) => data);
          if (all.length === 0) return <p className="small muted">{t`No mail waits.`}</p>;
          return (
            <ul className="list mails">
              {all.map((mail) => (
                <MailRow key={mail.id} mail={mail} onOpen={() => setShown(mail)} />
              ))}
            </ul>
          );
        }}
      </Asked>
      <ShowMore list={mails} size="sm" />
      <MailSheet mail={shown} delivers={delivers} onClose={() => setShown(undefined)} />
    </section>
  );
}

function MailRow({ mail, onOpen }: { mail: Mail; onOpen: () => void }) {
  const { t } = useLingui();
  const { subject, to } = mail;
  return (
    <li>
      <span className="truncate">{t`${subject} to ${to}`}</span>
      <Button variant="subtle" size="sm" aria-label={t`Open: ${subject} to ${to}`} onClick={onOpen}>
        {t`Open`}
      </Button>
    </li>
  );
}
