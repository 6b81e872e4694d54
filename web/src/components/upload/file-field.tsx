import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, Input } from "@mantine/core";
import { IconFolder, IconReplace, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";

import type { StoredFile } from "@/lib/api/types";
import { accepted, type FileKind, fileQuery } from "@/lib/files";

import { Asked } from "../asked";
import { Icon } from "../icon";
import { Skeleton } from "../states";
import { toast } from "../toast";
import { DropArea } from "./drop-area";
import { EarlierFiles } from "./earlier-files";
import { FileLine } from "./file-card";
import { useUpload } from "./use-upload";

type Props = {
  label: string;
  help?: string | undefined;
  fault?: string | undefined;
  /** Id of the chosen file. */
  value: string | undefined;
  kind?: FileKind | undefined;
  onChange: (id: string | undefined) => void;
};

/** A field that holds a file: uploaded now or before; the chosen one can be given other content in its place. */
export function FileField({ label, help, fault, value, kind, onChange }: Props) {
  const { t } = useLingui();
  const name = useId();
  const [earlier, setEarlier] = useState(false);
  const upload = useUpload((file) => {
    if (file.id === value) toast({ text: t`The new version is in its place` });
    else onChange(file.id);
  });
  const resting = upload.progress.at === "rest";
  return (
    <Input.Wrapper
      label={label}
      labelElement="div"
      labelProps={{ id: name }}
      description={value ? undefined : help}
      error={fault}
      role="group"
      aria-labelledby={name}
    >
      {value && resting ? (
        <Chosen
          id={value}
          onReplace={(file) => upload.begin(file, value)}
          onClear={() => onChange(undefined)}
        />
      ) : (
        <>
          <DropArea
            kind={kind}
            progress={upload.progress}
            label={kind === "picture" ? t`Choose a picture` : t`Choose a file`}
            onChoose={(file) => upload.begin(file)}
            onGoOn={upload.goOn}
            onCancel={upload.cancel}
          />
          {resting ? (
            <Button
              variant="subtle"
              leftSection={<Icon of={IconFolder} />}
              aria-haspopup="dialog"
              onClick={() => setEarlier(true)}
            >
              <Trans>Take one uploaded before</Trans>
            </Button>
          ) : null}
        </>
      )}
      <EarlierFiles
        opened={earlier}
        kind={kind}
        onClose={() => setEarlier(false)}
        onChoose={(file) => {
          setEarlier(false);
          onChange(file.id);
        }}
      />
    </Input.Wrapper>
  );
}

type ChosenProps = { id: string; onReplace: (file: File) => void; onClear: () => void };

function Chosen({ id, onReplace, onClear }: ChosenProps) {
  const { t } = useLingui();
  const file = useQuery(fileQuery(id));
  return (
    <Asked
      query={file}
      title={t`We cannot show this file right now`}
      stillWorks={t`Your codes go on working.`}
      waiting={<Skeleton rows={1} />}
    >
      {(found) => <ChosenFile file={found} onReplace={onReplace} onClear={onClear} />}
    </Asked>
  );
}

function ChosenFile({ file, onReplace, onClear }: Omit<ChosenProps, "id"> & { file: StoredFile }) {
  const input = useRef<HTMLInputElement>(null);
  const uses = file.uses.length;
  return (
    <div className="file-chosen">
      <div className="file-row">
        <FileLine file={file}>
          {uses > 1 ? (
            <span className="muted small">
              <Plural value={uses} one="Used in # place" other="Used in # places" />
            </span>
          ) : null}
        </FileLine>
      </div>
      <div className="row wrap">
        <input
          ref={input}
          type="file"
          hidden
          accept={accepted(file.media_type === "application/pdf" ? "pdf" : "picture")}
          onChange={(event) => {
            const [chosen] = event.currentTarget.files ?? [];
            event.currentTarget.value = "";
            if (chosen) onReplace(chosen);
          }}
        />
        <Button
          variant="default"
          leftSection={<Icon of={IconReplace} />}
          onClick={() => input.current?.click()}
        >
          <Trans>Upload a new version</Trans>
        </Button>
        <Button variant="subtle" leftSection={<Icon of={IconX} />} onClick={onClear}>
          <Trans>Choose another file</Trans>
        </Button>
      </div>
    </div>
  );
}
