import { Trans, useLingui } from "@lingui/react/macro";
import { useMemo } from "react";

import type { Code } from "@/lib/api/types";

import { ChangedMeanwhile } from "../changed-meanwhile";
import { DesignForm } from "../design-form";
import { useCodeEdit } from "../editing";
import { useHistory, useUndoKeys } from "../history";
import { usePreview } from "../preview";
import { useSaveFault } from "./new-studio";
import { Studio } from "./studio";

type Props = { code: Code; onBack: () => void; onSaved: () => void };

/** A new look for a code that is there. What was printed before goes on working. */
export function LookStudio({ code, onBack, onSaved }: Props) {
  const { t } = useLingui();
  const history = useHistory(code.design);
  useUndoKeys(history.undo, history.redo);
  const draft = useMemo(
    () => ({ payload: code.payload, design: history.value }),
    [code.payload, history.value],
  );
  const { picture, verdict } = usePreview(draft);
  const edit = useCodeEdit(code);
  const problem = useSaveFault(edit.error);
  const save = async () => {
    try {
      await edit.save({ design: history.value });
      onSaved();
    } catch {
      // What is wrong stands below the form.
    }
  };
  return (
    <Studio
      title={code.name}
      note={t`Prints you have already made go on working.`}
      showcase
      steps={[]}
      picture={picture}
      check={verdict}
      problem={edit.isStale ? undefined : problem}
      history={history}
      next={{ label: t`Save`, forward: false, busy: edit.isSaving }}
      onBack={onBack}
      onNext={() => void save()}
    >
      <DesignForm design={history.value} onChange={(design) => history.set(design)} />
      <ChangedMeanwhile edit={edit} onLoaded={(newer) => history.set(newer.design)}>
        <Trans>Undo brings your own look back.</Trans>
      </ChangedMeanwhile>
    </Studio>
  );
}
