import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconSend } from "@tabler/icons-react";

import { Asked } from "@/components/asked";
import { Icon } from "@/components/icon";
import { Sheet } from "@/components/sheet";
import { Skeleton } from "@/components/states";
import { toast } from "@/components/toast";
import { formatAgo } from "@/lib/format";

import { type Mail, mailQuery, useResend } from "./api";
import { useFaultWords } from "./faults";

type Props = { mail: Mail | undefined; delivers: boolean; onClose: () => void };

/** A mail as it would arrive. */
export function MailSheet({ mail, delivers, onClose }: Props) {
  const { t } = useLingui();
  return (
    <Sheet opened={mail !== undefined} onClose={onClose} title={mail?.subject ?? t`Mail`} width={640}>
      {mail ? <Whole mail={mail} delivers={delivers} onClose={onClose} /> : null}
    </Sheet>
  );
}

function Whole({ mail, delivers, onClose }: Props & { mail: Mail }) {
  const { t } = useLingui();
  const whole = useQuery(mailQuery(mail.id));
  const resend = useResend();
  const words = useFaultWords();
  const { to } = mail;
  const ago = formatAgo(mail.created_at);
  const send = () =>
    resend.mutate(mail.id, {
      onSuccess: () => {
        onClose();
        toast({ text: t`The mail to ${to} went out` });
      },
      onError: (error) => toast({ text: words(error), fault: true }),
    });
  return (
    <div className="stack">
      <p className="small muted breaks">
        <Trans>
          To {to}, {ago}
        </Trans>
      </p>
      <Asked
        query={whole}
        title={t`We cannot show this mail right now`}
        stillWorks={t`It may have been sent meanwhile.`}
        waiting={<Skeleton rows={3} picture={false} />}
      >
        {({ text }) => <pre className="mail">{text}</pre>}
      </Asked>
      <p className="tip tip-warn small">
        <span>{t`A link in it may sign somebody in. Give it to nobody but them.`}</span>
      </p>
      {delivers ? (
        <Button leftSection={<Icon of={IconSend} />} loading={resend.isPending} onClick={send}>
          {t`Send it now`}
        </Button>
      ) : null}
    </div>
  );
}
