import { Trans, useLingui } from "@lingui/react/macro";
import { Loader } from "@mantine/core";
import { IconTableImport } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import { ApiProblem } from "@/lib/api/problem";

import { useUpload } from "./many-api";
import { ManySample } from "./many-sample";

/** Takes a sheet, chosen or dropped, and says what is wrong with one that cannot be read. */
export function ManyUpload({ onSheet }: { onSheet: (id: string) => void }) {
  const { t } = useLingui();
  const upload = useUpload();
  const failure =
    upload.error instanceof ApiProblem
      ? upload.error.message
      : t`The sheet did not arrive. Check your connection and try again.`;
  return (
    <div className="cols2">
      <section className="card dropzone">
        <span className="ico" aria-hidden="true">
          {upload.isPending ? <Loader size="sm" /> : <Icon of={IconTableImport} />}
        </span>
        <p className="words" role="status">
          {upload.isPending ? (
            <Trans>Your sheet is being read.</Trans>
          ) : (
            <Trans>One line for each code.</Trans>
          )}
        </p>
        <p className="muted" id="sheet-forms">
          <Trans>Excel (.xlsx) or CSV, in any form: up to 20,000 lines and 8 MB in one go.</Trans>
        </p>
        <span className="choose" aria-hidden="true">
          <Trans>Choose a sheet</Trans>
        </span>
        {upload.isError ? (
          <p className="error" role="alert">
            {failure}
          </p>
        ) : null}
        {/* It lies over the whole card, invisible, so that a sheet can be dropped anywhere. */}
        <input
          type="file"
          aria-label={t`Choose a sheet`}
          aria-describedby="sheet-forms"
          disabled={upload.isPending}
          accept=".csv,.tsv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file) upload.mutate({ file }, { onSuccess: (sheet) => onSheet(sheet.id) });
            currentTarget.value = "";
          }}
        />
      </section>
      <div className="stack">
        <section className="card">
          <h2>
            <Trans>What goes into it</Trans>
          </h2>
          <p className="muted">
            <Trans>
              A column with where each code leads is enough. Names, folders, tags and your own numbers are
              understood, too. With a number in each line, the same sheet changes codes later instead of
              making them twice.
            </Trans>
          </p>
        </section>
        <ManySample />
      </div>
    </div>
  );
}
