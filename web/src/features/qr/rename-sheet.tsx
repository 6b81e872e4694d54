import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";

import { Sheet } from "@/components/sheet";
import type { Code } from "@/lib/api/types";

import { ChangedMeanwhile } from "./changed-meanwhile";
import { useCodeEdit } from "./editing";

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
  const { name: current } = code;
  const [before] = useState(current);
  const edit = useCodeEdit(code);
  const rename = async (wanted: string) => {
    try {
      if (wanted !== current) await edit.save({ name: wanted });
      onClose();
    } catch {
      // What is wrong stands in the form.
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted !== "" && !edit.isSaving) void rename(wanted);
  };
  return (
    <form className="stack" onSubmit={submit}>
      <TextInput
        label={t`Name of the code`}
        description={
          current === before || current === name.trim()
            ? t`Only you and your team see it.`
            : t`It is called “${current}” now.`
        }
        error={edit.error && !edit.isStale ? t`The name could not be saved. Try again.` : undefined}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        data-autofocus
      />
      <ChangedMeanwhile edit={edit}>
        <Trans>The name you typed stays here.</Trans>
      </ChangedMeanwhile>
      <Button type="submit" loading={edit.isSaving} disabled={name.trim() === ""}>
        {t`Save`}
      </Button>
    </form>
  );
}
