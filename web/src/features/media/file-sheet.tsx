import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";

import { Sheet } from "@/components/sheet";
import { toast } from "@/components/toast";
import { DropArea } from "@/components/upload/drop-area";
import { FileLine } from "@/components/upload/file-card";
import { useUpload } from "@/components/upload/use-upload";
import { ApiProblem } from "@/lib/api/problem";
import type { StoredFile } from "@/lib/api/types";

import { useFileChanges } from "./api";
import type { LinkTo } from "./library";

type Props = { file: StoredFile; linkTo: LinkTo; opened: boolean; onClose: () => void };

/** One file: its name, what a picture shows, what uses it, and another content in its place. */
export function FileSheet({ opened, ...props }: Props) {
  const { t } = useLingui();
  return (
    <Sheet opened={opened} onClose={props.onClose} title={t`This file`}>
      {opened ? <Details {...props} /> : null}
    </Sheet>
  );
}

function Details({ file, linkTo, onClose }: Omit<Props, "opened">) {
  const { t } = useLingui();
  const [name, setName] = useState(file.name);
  const [alt, setAlt] = useState(file.alt);
  const { describe } = useFileChanges();
  const upload = useUpload(() => {
    toast({ text: t`The new version is in its place` });
    onClose();
  });
  const pdf = file.media_type === "application/pdf";
  const changed = name.trim() !== file.name || alt.trim() !== file.alt;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    try {
      await describe.mutateAsync({ id: file.id, name: name.trim(), alt: alt.trim() || null });
      toast({ text: t`Saved` });
      onClose();
    } catch {
      // What is wrong stands at the field.
    }
  };
  const fault = describe.error;
  return (
    <div className="stack roomy">
      <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
        <div className="file-row">
          <FileLine file={file} />
        </div>
        <TextInput
          label={t`Name of the file`}
          value={name}
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
          error={
            fault &&
            (fault instanceof ApiProblem
              ? (fault.faults[0]?.detail ?? fault.message)
              : t`That did not work. Try again.`)
          }
        />
        {pdf ? null : (
          <Textarea
            label={t`What the picture shows`}
            description={t`For people who cannot see it.`}
            value={alt}
            maxLength={1000}
            rows={2}
            onChange={(event) => setAlt(event.currentTarget.value)}
          />
        )}
        <Button type="submit" loading={describe.isPending} disabled={!changed || name.trim() === ""}>
          <Trans>Save</Trans>
        </Button>
      </form>
      <section className="stack" aria-labelledby="uses" style={{ "--gap": "var(--sp-2)" }}>
        <h3 id="uses">
          <Trans>Where it is used</Trans>
        </h3>
        {file.uses.length > 0 ? (
          <Uses file={file} linkTo={linkTo} />
        ) : (
          <p className="muted">
            <Trans>Nowhere yet.</Trans>
          </p>
        )}
      </section>
      <section className="stack" aria-labelledby="replace" style={{ "--gap": "var(--sp-2)" }}>
        <h3 id="replace">
          <Trans>Another version</Trans>
        </h3>
        <p className="muted small">
          <Trans>It takes the place of this one: codes and prints stay as they are.</Trans>
        </p>
        <DropArea
          kind={pdf ? "pdf" : "picture"}
          progress={upload.progress}
          label={t`Upload a new version`}
          onChoose={(chosen) => upload.begin(chosen, file.id)}
          onGoOn={upload.goOn}
          onCancel={upload.cancel}
        />
      </section>
    </div>
  );
}

/** What uses a file, by name. */
export function Uses({ file, linkTo }: Pick<Props, "file" | "linkTo">) {
  return (
    <ul className="kept-looks">
      {file.uses.map((use) => (
        <li key={use.id}>
          <span className="breaks" dir="auto">
            {linkTo(use)}
          </span>
        </li>
      ))}
    </ul>
  );
}
