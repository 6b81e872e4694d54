import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconAlertCircle, IconRefresh, IconUpload, IconX } from "@tabler/icons-react";
import { useId, useRef } from "react";

import { formatShare } from "@/lib/format";
import { accepted, type FileKind } from "@/lib/files";

import { Icon } from "../icon";
import { canGoOn, useFileFault } from "./file-faults";
import { useDrop } from "./use-drop";
import type { Progress as Going } from "./use-upload";

type Props = {
  kind?: FileKind | undefined;
  progress: Going;
  /** What the choosing button says. */
  label: string;
  onChoose: (file: File) => void;
  onGoOn: () => void;
  onCancel: () => void;
};

/** A place for a file: dropped on a desktop, picked on a phone; then how far it is, or why it did not arrive. */
export function DropArea({ kind, progress, label, onChoose, onGoOn, onCancel }: Props) {
  const { t } = useLingui();
  const input = useRef<HTMLInputElement>(null);
  const area = useRef<HTMLDivElement>(null);
  const words = useId();
  const faultOf = useFileFault();
  const sending = progress.at === "sending";
  const over = useDrop(area, (file) => {
    if (!sending) onChoose(file);
  });
  const share = sending ? progress.share : 0;
  return (
    <div className="drop" role="group" aria-label={label} ref={area} data-over={over}>
      <input
        ref={input}
        type="file"
        hidden
        accept={accepted(kind)}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = ""; // the same file may be chosen again once it is mended
          if (file) onChoose(file);
        }}
      />
      <p className="sr" role="status">
        {sending ? (share < 1 ? t`Uploading` : t`Checking the file`) : ""}
      </p>
      {sending ? (
        <>
          <p className="strong truncate" dir="auto">
            {progress.file.name}
          </p>
          <progress
            className="sending"
            max={1}
            aria-label={t`Uploaded`}
            {...(share < 1 ? { value: share } : {})}
          />
          <p className="row spread">
            <span className="muted small num">{share < 1 ? formatShare(share) : t`Checking the file …`}</span>
            <Button variant="subtle" leftSection={<Icon of={IconX} />} onClick={onCancel}>
              <Trans>Cancel</Trans>
            </Button>
          </p>
        </>
      ) : (
        <>
          {progress.at === "failed" ? (
            <p className="tip tip-bad" role="alert" id={words}>
              <Icon of={IconAlertCircle} />
              <span className="grow">
                <b className="block truncate" dir="auto">
                  {progress.file.name}
                </b>
                {faultOf(progress.error)}
              </span>
            </p>
          ) : null}
          <div className="row wrap">
            {progress.at === "failed" && canGoOn(progress.error) ? (
              <Button leftSection={<Icon of={IconRefresh} />} onClick={onGoOn} aria-describedby={words}>
                <Trans>Go on</Trans>
              </Button>
            ) : null}
            <Button
              variant="default"
              leftSection={<Icon of={IconUpload} />}
              onClick={() => input.current?.click()}
            >
              {label}
            </Button>
          </div>
          <p className="muted small drop-hint">
            <Trans>or drop it here</Trans>
          </p>
        </>
      )}
    </div>
  );
}
