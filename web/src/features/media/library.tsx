import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { IconSearch, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";

import { Asked } from "@/components/asked";
import { Icon } from "@/components/icon";
import { Seg } from "@/components/seg";
import { ShowMore } from "@/components/show-more";
import { Empty, Skeleton } from "@/components/states";
import { toast } from "@/components/toast";
import { DropArea } from "@/components/upload/drop-area";
import { FileLine } from "@/components/upload/file-card";
import { useUpload } from "@/components/upload/use-upload";
import type { StoredFile } from "@/lib/api/types";
import { type FileKind, filesQuery } from "@/lib/files";

import { FileMenu } from "./file-menu";
import { Room } from "./room";

/** What uses a file, as a link where there is a page for it. */
export type LinkTo = (use: StoredFile["uses"][number]) => ReactNode;

/** Pictures and PDFs of a workspace: uploaded, found, described, replaced, deleted and brought back. */
export function FileLibrary({ linkTo }: { linkTo: LinkTo }) {
  const { t } = useLingui();
  const [question, setQuestion] = useState("");
  const [asked] = useDebouncedValue(question.trim(), 200);
  const [kind, setKind] = useState<FileKind | "all">("all");
  const [deleted, setDeleted] = useState(false);
  const upload = useUpload(() => toast({ text: t`The file is uploaded.` }));
  const files = useInfiniteQuery({
    ...filesQuery(asked, kind === "all" ? undefined : kind, deleted),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="stack roomy">
      <section className="card stack" aria-label={t`Upload`}>
        <Room />
        <DropArea
          progress={upload.progress}
          label={t`Upload a file`}
          onChoose={(file) => upload.begin(file)}
          onGoOn={upload.goOn}
          onCancel={upload.cancel}
        />
        <p className="small muted">
          <Trans>Pictures and PDF, such as a menu, a price list or your sign.</Trans>
        </p>
      </section>
      <div className="toolbar">
        <TextInput
          className="grow"
          type="search"
          aria-label={t`Search`}
          placeholder={t`Name of the file`}
          leftSection={<Icon of={IconSearch} />}
          value={question}
          onChange={(event) => setQuestion(event.currentTarget.value)}
        />
        <Seg
          label={t`Kind of file`}
          value={kind}
          onChange={setKind}
          options={[
            { value: "all", label: t`All` },
            { value: "picture", label: t`Pictures` },
            { value: "pdf", label: t`PDF` },
          ]}
        />
        <button type="button" className="chip" aria-pressed={deleted} onClick={() => setDeleted(!deleted)}>
          <Icon of={IconTrash} /> <Trans>Trash</Trans>
        </button>
      </div>
      {deleted ? (
        <p className="muted">
          <Trans>Deleted files stay here for 30 days and can be brought back.</Trans>
        </p>
      ) : null}
      <Asked
        query={files}
        title={t`We cannot show your files right now`}
        stillWorks={t`Your codes go on working.`}
        waiting={<Skeleton rows={4} />}
        frame="card"
      >
        {({ pages }) => {
          const found = pages.flatMap(({ data }) => data);
          return (
            <section className="card" aria-label={deleted ? t`Trash` : t`Your files`}>
              {found.length === 0 ? (
                <Empty
                  title={
                    asked || kind !== "all"
                      ? t`No file fits`
                      : deleted
                        ? t`The trash is empty`
                        : t`Nothing was uploaded yet`
                  }
                />
              ) : (
                <ul className="file-list">
                  {found.map((file) => (
                    <li key={file.id} className="row">
                      <div className="file-row grow">
                        <FileLine file={file}>
                          <span className="muted small">
                            <Plural
                              value={file.uses.length}
                              _0="Not used"
                              one="Used in # place"
                              other="Used in # places"
                            />
                          </span>
                        </FileLine>
                      </div>
                      <FileMenu file={file} linkTo={linkTo} />
                    </li>
                  ))}
                </ul>
              )}
            </section>
          );
        }}
      </Asked>
      <ShowMore list={files} />
    </div>
  );
}
