import { useLingui } from "@lingui/react/macro";
import { Button, Textarea } from "@mantine/core";
import { type SubmitEvent, useState } from "react";

import { Sheet } from "@/components/sheet";
import { toast } from "@/components/toast";

import { type Letter, useReplay } from "./api";
import { useFaultWords } from "./faults";

type Props = { letter: Letter; opened: boolean; onClose: () => void };

/** The message as JSON, to be mended before it goes back. */
export function EditSheet(props: Props) {
  const { t } = useLingui();
  return (
    <Sheet opened={props.opened} onClose={props.onClose} title={t`Edit and replay`} width={720}>
      {props.opened ? <EditForm {...props} /> : null}
    </Sheet>
  );
}

function EditForm({ letter, onClose }: Props) {
  const { t } = useLingui();
  const [text, setText] = useState(() => JSON.stringify(letter.payload, null, 2));
  const replay = useReplay();
  const words = useFaultWords();
  const { topic } = letter;
  const payload = parsed(text);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (payload === undefined || replay.isPending) return;
    replay.mutate(
      { id: letter.id, payload },
      {
        onSuccess: () => {
          onClose();
          toast({ text: t`${topic} is on its way back` });
        },
      },
    );
  };
  const fault =
    payload === undefined
      ? t`This is no JSON yet. Look at commas, quotes and brackets.`
      : replay.error
        ? words(replay.error)
        : undefined;
  return (
    <form className="stack" onSubmit={submit}>
      <Textarea
        classNames={{ input: "mono" }}
        label={t`Message`}
        description={t`It goes back to where it failed. What cannot be handled comes back as a letter.`}
        error={fault}
        rows={14}
        resize="vertical"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
      <Button type="submit" loading={replay.isPending} disabled={payload === undefined}>
        {t`Replay`}
      </Button>
    </form>
  );
}

/** The value of JSON that is more than nothing. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
