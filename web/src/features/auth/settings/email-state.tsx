import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconCircleCheck, IconMail } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import { toast } from "@/components/toast";
import { useMe } from "@/lib/session";

import { useResendConfirmation } from "../api";
import { useCommonWords } from "../faults";

/** The e-mail address, and whether it is known to be yours. */
export function EmailState() {
  const { t } = useLingui();
  const { user, mail } = useMe();
  const resend = useResendConfirmation();
  const words = useCommonWords();
  return (
    <div className="field">
      <span className="label">
        <Trans>E-mail</Trans>
      </span>
      <p className="breaks">{user.email}</p>
      {user.email_confirmed ? (
        <p className="row small good">
          <Icon of={IconCircleCheck} /> <Trans>Confirmed</Trans>
        </p>
      ) : (
        <div className="tip tip-warn">
          <Icon of={IconMail} />
          <div className="stack">
            <p>
              {mail.delivers ? (
                <Trans>
                  Not confirmed yet. Tap the link we sent you, so that nobody else can take your account.
                </Trans>
              ) : (
                <Trans>
                  Not confirmed yet. This server sends no mail: its operator finds the link in the outbox
                  folder.
                </Trans>
              )}
            </p>
            <Button
              variant="default"
              size="sm"
              loading={resend.isPending}
              onClick={() =>
                resend.mutate(undefined, {
                  onSuccess: () =>
                    toast({
                      text: mail.delivers ? t`A new link is on its way` : t`A new link is in the outbox`,
                    }),
                  onError: (error) => toast({ text: words(error), fault: true }),
                })
              }
            >
              {mail.delivers ? t`Send the link again` : t`Write a new link`}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}
