import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";

import { isProblem } from "@/lib/api/problem";
import type { Code, Content, Design } from "@/lib/api/types";

import { contentTypesQuery } from "../api";
import { ChangedMeanwhile } from "../changed-meanwhile";
import { cleaned, isBegun } from "../content";
import { DownloadStep } from "../download/download-step";
import { gridOf, printedSide } from "../download/size";
import { useFile } from "../download/use-file";
import { useCodeEdit } from "../editing";
import { isContentWrong } from "../faults";
import { useHistory, useUndoKeys } from "../history";
import { LookForm } from "../look/look-form";
import { mergePatch } from "../merge-patch";
import { usePreview, useVerdictAt } from "../preview";
import { ContentStep } from "../what/content-step";
import { focusFirstFault, useLookFault, useSaveFault } from "./faults";
import { LeaveGuard } from "./leave-guard";
import { SaveAnyway } from "./save-anyway";
import type { StepName } from "./steps";
import { Studio } from "./studio";

type Props = {
  code: Code;
  /** Whether it was made a moment ago. */
  fresh: boolean;
  step: StepName;
  onStep: (step: StepName) => void;
  onBack: () => void;
  onSaved: () => void;
};
type Value = { content: Content; design: Design };

/** A code that is there: another content, a new look, its files. What was printed before goes on working. */
export function EditStudio({ code, fresh, step, onStep, onBack, onSaved }: Props) {
  const { t } = useLingui();
  const types = useQuery(contentTypesQuery);
  const history = useHistory<Value>({ content: code.content, design: code.design });
  const { content, design } = history.value;
  useUndoKeys(history.undo, history.redo);
  const form = useRef<HTMLDivElement>(null);
  const type = types.data?.data.find((known) => known.type === content.type);
  const begun = isBegun(content, type);
  const fixed = code.kind === "fixed";
  const drawn = fixed
    ? begun
      ? { content: cleaned(content), design }
      : null
    : { payload: code.payload, design };
  const preview = usePreview(drawn);
  const edit = useCodeEdit(code);
  const file = useFile(code);
  const { size, unit } = file.wanted;
  const grid = step === "download" ? gridOf(preview.verdict, preview.picture) : null;
  const printed = useVerdictAt(drawn, printedSide(size, unit, grid));
  const problem = useSaveFault(edit.error);
  const lookFault = useLookFault(preview.error ?? edit.error);

  const change = mergePatch(
    { content: code.content, design: code.design },
    { content: cleaned(content), design },
  );
  const dirty = change !== undefined;

  const save = async (risk: { allow_unreadable?: boolean } = {}) => {
    if (change === undefined) return true;
    if (!begun || isContentWrong(preview.error)) {
      onStep("content");
      focusFirstFault(form.current);
      return false;
    }
    try {
      const saved = await edit.save({ ...change, ...risk });
      history.settle({ content: saved.content, design: saved.design });
      onSaved();
      return true;
    } catch {
      return false; // What is wrong stands below the form.
    }
  };
  const go = async (target: StepName) => {
    if (target !== "download" || (await save())) onStep(target);
  };
  const next = () => {
    if (edit.isSaving || file.busy) return;
    if (step === "content") void go("look");
    else if (step === "look") void go("download");
    else file.fetch({ share: false });
  };
  const format = file.wanted.format.toUpperCase();
  return (
    <Studio
      title={code.name}
      note={fresh ? t`Saved` : t`Prints you have already made go on working.`}
      showcase={step !== "content"}
      sketch={drawn}
      preview={{ ...preview, verdict: printed ?? preview.verdict }}
      onLook={(look) => history.set({ content, design: look })}
      problem={edit.isStale ? undefined : problem}
      history={step === "download" ? undefined : history}
      step={step}
      onStep={(name) => void go(name)}
      next={
        step === "download"
          ? { label: t`Download ${format}`, icon: "download", busy: file.busy }
          : {
              label: step === "content" ? t`Next: look` : dirty ? t`Save and download` : t`Next: download`,
              icon: "forward",
              busy: edit.isSaving,
            }
      }
      onBack={onBack}
      onNext={next}
    >
      {step === "content" ? (
        <ContentStep
          ref={form}
          content={content}
          kind={code.kind}
          error={preview.error ?? edit.error}
          payload={fixed ? preview.verdict?.payload : code.payload}
          fresh={false}
          onChange={(value) => history.set({ content: value, design }, "content")}
        />
      ) : step === "look" ? (
        <LookForm
          look={design}
          type={content.type}
          code={code.id}
          fault={lookFault}
          onChange={(look, group) => history.set({ content, design: look }, group)}
        />
      ) : (
        <DownloadStep code={code} check={preview.verdict} picture={preview.picture} file={file} />
      )}
      <ChangedMeanwhile
        edit={edit}
        onLoaded={(newer) => history.set({ content: newer.content, design: newer.design })}
      >
        {step === "content" ? (
          <Trans>Undo brings what you wrote back.</Trans>
        ) : (
          <Trans>Undo brings your own look back.</Trans>
        )}
      </ChangedMeanwhile>
      {isProblem(edit.error, "unreadable_design") ? (
        <SaveAnyway
          busy={edit.isSaving}
          onSave={() =>
            void save({ allow_unreadable: true }).then((saved) => (saved ? onStep("download") : undefined))
          }
        />
      ) : null}
      <LeaveGuard dirty={dirty} busy={edit.isSaving} onSave={() => save()} />
    </Studio>
  );
}
