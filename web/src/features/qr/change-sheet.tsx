import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { IconArrowRight, IconWorld } from "@tabler/icons-react";
import { type SubmitEvent, useState } from "react";

import { Icon } from "@/components/icon";
import { Sheet } from "@/components/sheet";
import { toast } from "@/components/toast";
import { NetworkProblem } from "@/lib/api/problem";
import type { Code } from "@/lib/api/types";
import { shownAddress } from "@/lib/format";

import { ChangedMeanwhile } from "./changed-meanwhile";
import { useCodeEdit } from "./editing";
import { useFieldFault } from "./faults";

type Props = { code: Code; opened: boolean; onClose: () => void };

/** Change where a code leads: old and new side by side, and a way back afterwards. */
export function ChangeSheet(props: Props) {
  const { t } = useLingui();
  return (
    <Sheet opened={props.opened} onClose={props.onClose} title={t`Change where it leads`}>
      {props.opened ? <ChangeForm {...props} /> : null}
    </Sheet>
  );
}

function ChangeForm({ code, onClose }: Props) {
  const { t } = useLingui();
  const old = code.link?.destination ?? "";
  const [address, setAddress] = useState("");
  const edit = useCodeEdit(code);
  const { error, isStale, isSaving } = edit;
  const fault = useFieldFault(error);
  const lead = (url: string, version?: number) => edit.save({ content: { type: "url", url } }, version);
  const leadBack = async (version: number) => {
    try {
      await edit.save({ content: code.content }, version);
      toast({ text: t`It leads to the old place again` });
    } catch {
      toast({ text: t`That did not work. Nothing was changed.`, fault: true });
    }
  };
  const change = async () => {
    try {
      const { version } = await lead(address.trim());
      onClose();
      toast({ text: t`It leads to the new place now`, undo: () => void leadBack(version) });
    } catch {
      // What is wrong stands in the form.
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!isSaving) void change();
  };
  const offline = error instanceof NetworkProblem;
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <div className="sides">
        <div>
          <p className="small muted">
            <Trans>Leads to now</Trans>
          </p>
          <p className="strong breaks">{shownAddress(old)}</p>
        </div>
        <span className="quiet">
          <Icon of={IconArrowRight} turns />
        </span>
        <div>
          <p className="small muted">
            <Trans>Will lead to</Trans>
          </p>
          <p className="strong breaks">{address.trim() ? shownAddress(address.trim()) : "…"}</p>
        </div>
      </div>
      <TextInput
        label={t`New web address`}
        inputMode="url"
        autoCapitalize="none"
        placeholder="example.com"
        leftSection={<Icon of={IconWorld} />}
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
        error={
          offline
            ? t`No network. Nothing is lost: save again when it is back.`
            : error && !isStale
              ? (fault("url") ?? error.message)
              : undefined
        }
        data-autofocus
      />
      <ChangedMeanwhile edit={edit}>
        <Trans>The address you typed stays here.</Trans>
      </ChangedMeanwhile>
      <p className="small muted">
        <Trans>Every printed code follows within a second.</Trans>
      </p>
      <Button type="submit" loading={isSaving} disabled={address.trim() === ""}>
        {t`Lead there`}
      </Button>
    </form>
  );
}
