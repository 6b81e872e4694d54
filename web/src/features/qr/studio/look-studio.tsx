import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";

import type { Code } from "@/lib/api/types";

import { usePatchCode } from "../api";
import { DesignForm } from "../design-form";
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
  const patch = usePatchCode(code.id);
  return (
    <Studio
      title={code.name}
      note={t`Prints you have already made go on working.`}
      showcase
      steps={[]}
      picture={picture}
      check={verdict}
      problem={useSaveFault(patch.error)}
      history={history}
      next={{ label: t`Save`, forward: false, busy: patch.isPending }}
      onBack={onBack}
      onNext={() => patch.mutate({ design: history.value }, { onSuccess: onSaved })}
    >
      <DesignForm design={history.value} onChange={(design) => history.set(design)} />
    </Studio>
  );
}
