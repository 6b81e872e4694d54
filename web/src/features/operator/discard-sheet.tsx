import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";

import { Sheet } from "@/components/sheet";
import { toast } from "@/components/toast";

import { type Letter, useDiscard } from "./api";
import { useFaultWords } from "./faults";

type Props = { letter: Letter; opened: boolean; onClose: () => void };

/** Nothing can be undone here, so it is asked. */
export function DiscardSheet({ letter, opened, onClose }: Props) {
  const { t } = useLingui();
  const discard = useDiscard();
  const words = useFaultWords();
  const { topic } = letter;
  const run = () =>
    discard.mutate(letter.id, {
      onSuccess: () => {
        onClose();
        toast({ text: t`${topic} is discarded` });
      },
      onError: (error) => toast({ text: words(error), fault: true }),
    });
  return (
    <Sheet opened={opened} onClose={onClose} title={t`Discard this letter?`}>
      <div className="stack">
        <p>
          <Trans>
            What <b className="mono">{topic}</b> was to bring about never happens. This cannot be undone.
          </Trans>
        </p>
        <Button color="red" loading={discard.isPending} onClick={run}>
          {t`Discard for good`}
        </Button>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t`Keep it`}
        </Button>
      </div>
    </Sheet>
  );
}
