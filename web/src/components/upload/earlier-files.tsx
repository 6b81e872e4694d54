import { Trans, useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { StoredFile } from "@/lib/api/types";
import { type FileKind, filesQuery } from "@/lib/files";

import { Asked } from "../asked";
import { Icon } from "../icon";
import { Sheet } from "../sheet";
import { ShowMore } from "../show-more";
import { Skeleton } from "../states";
import { FileLine } from "./file-card";

type Props = {
  opened: boolean;
  kind?: FileKind | undefined;
  onChoose: (file: StoredFile) => void;
  onClose: () => void;
};

/** Files that were uploaded before, to choose one again. */
export function EarlierFiles({ opened, kind, onChoose, onClose }: Props) {
  const { t } = useLingui();
  return (
    <Sheet opened={opened} onClose={onClose} title={t`Files uploaded before`}>
      {opened ? <Found kind={kind} onChoose={onChoose} /> : null}
    </Sheet>
  );
}

function Found({ kind, onChoose }: Pick<Props, "kind" | "onChoose">) {
  const { t } = useLingui();
  const [question, setQuestion] = useState("");
  const [asked] = useDebouncedValue(question.trim(), 200);
  const files = useInfiniteQuery(filesQuery(asked, kind));
  return (
    <div className="stack">
      <TextInput
        type="search"
        aria-label={t`Search`}
        placeholder={t`Name of the file`}
        leftSection={<Icon of={IconSearch} />}
        value={question}
        onChange={(event) => setQuestion(event.currentTarget.value)}
        data-autofocus
      />
      <Asked
        query={files}
        title={t`We cannot show your files right now`}
        stillWorks={t`Your codes go on working.`}
        waiting={<Skeleton rows={3} />}
      >
        {({ pages }) => {
          const found = pages.flatMap((page) => page.data);
          if (found.length === 0) {
            return (
              <p className="muted">
                {asked ? (
                  <Trans>No file has this in its name.</Trans>
                ) : (
                  <Trans>Nothing was uploaded yet.</Trans>
                )}
              </p>
            );
          }
          return (
            <>
              <ul className="file-list">
                {found.map((file) => (
                  <li key={file.id}>
                    <button type="button" className="file-row" onClick={() => onChoose(file)}>
                      <FileLine file={file} />
                    </button>
                  </li>
                ))}
              </ul>
              <ShowMore list={files} />
            </>
          );
        }}
      </Asked>
    </div>
  );
}
