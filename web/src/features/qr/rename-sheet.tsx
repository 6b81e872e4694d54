import { useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";

import { Sheet } from "@/components/sheet";
import { toast } from "@/components/toast";
import type { Code } from "@/lib/api/types";

import { usePatchCode } from "./api";

type Props = { code: Code; opened: boolean; onClose: () => void };

/** The name is for the owner only; visitors never see it. */
export function RenameSheet(props: Props) {
  const { t } = useLingui();
  return (
    <Sheet opened={props.opened} onClose={props.onClose} title={t`Rename`}>
      {props.opened ? <RenameForm {...props} /> : null}
    </Sheet>
  );
}

function RenameForm({ code, onClose }: Props) {
  const { t } = useLingui();
  const [name, setName] = useState(code.name);
  const patch = usePatchCode(code.id);
  const rename = async (to: string) => {
    try {
      await patch.mutateAsync({ name: to });
    } catch {
      toast({ text: t`The name could not be saved. Try again.`, fault: true });
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted === "") return;
    if (wanted !== code.name) void rename(wanted);
    onClose();
  };
  return (
    <form className="stack" onSubmit={submit}>
      <TextInput
        label={t`Name of the code`}
        description={t`Only you and your team see it.`}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        data-autofocus
      />
      <Button type="submit" disabled={name.trim() === ""}>
        {t`Save`}
      </Button>
    </form>
  );
}
