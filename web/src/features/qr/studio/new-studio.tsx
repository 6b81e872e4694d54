import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { idempotencyKey } from "@/lib/api/client";
import { isProblem } from "@/lib/api/problem";
import type { Code } from "@/lib/api/types";
import { currentLocale } from "@/lib/i18n";

import { contentTypesQuery, createCode } from "../api";
import { PLAIN } from "../colours";
import { cleaned, isBegun } from "../content";
import { dropDraft, keepDraft, keptDraft } from "../draft";
import { isContentWrong } from "../faults";
import { useHistory, useUndoKeys } from "../history";
import { isSameLook, type Look } from "../look/design";
import { LookForm } from "../look/look-form";
import { useUsualLook } from "../look/usual";
import { type Draft, usePreview } from "../preview";
import { inLocale } from "../schema";
import { ContentStep } from "../what/content-step";
import { focusFirstFault, useLookFault, useSaveFault } from "./faults";
import { SaveAnyway } from "./save-anyway";
import { Studio } from "./studio";

type Props = { onBack: () => void; onSaved: (code: Code) => void };

/** A new code: what it holds, how it looks, saved. What is half done is kept in this tab. */
export function NewStudio({ onBack, onSaved }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const types = useQuery(contentTypesQuery);
  const [start] = useState(begin);
  const history = useHistory(start);
  const usual = useUsualLook();
  const { content, kind } = history.value;
  const design = history.value.design ?? usual;
  const [step, setStep] = useState<"content" | "look">("content");
  const [asked, setAsked] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  useUndoKeys(history.undo, history.redo);
  useEffect(() => keepDraft({ ...history.value, design: history.value.design ?? PLAIN }), [history.value]);

  const type = types.data?.data.find((known) => known.type === content.type);
  const begun = isBegun(content, type);
  const draft = begun ? { content: cleaned(content), design, ...(kind ? { kind } : {}) } : null;
  const becomes = kind ?? type?.default_kind;
  const sketch = draft && { ...draft, ...(becomes ? { kind: becomes } : {}) };
  const preview = usePreview(sketch);
  const { verdict, error } = preview;
  const save = useSave((code) => {
    dropDraft();
    void client.invalidateQueries({ queryKey: ["codes"] });
    onSaved(code);
  });
  const fault = useSaveFault(save.error);
  const lookFault = useLookFault(error ?? save.error);

  const next = () => {
    if (!draft || isContentWrong(error)) {
      setStep("content");
      setAsked(true);
      focusFirstFault(form.current);
    } else if (step === "content") setStep("look");
    else if (!save.isPending) save.mutate(draft);
  };
  return (
    <Studio
      title={t`New code`}
      note={type && inLocale(type.title, currentLocale())}
      showcase={step === "look"}
      sketch={sketch}
      preview={preview}
      onLook={(look) => history.set({ ...history.value, design: look })}
      problem={fault ?? (asked && !draft ? t`Fill in the fields first: then there is a code.` : undefined)}
      history={history}
      step={step}
      onStep={(name) => {
        if (name === "content") setStep(name);
        else if (name === "download" || step === "content") next();
      }}
      next={{
        label: step === "content" ? t`Next: look` : t`Save and download`,
        icon: "forward",
        busy: save.isPending,
      }}
      onBack={step === "look" ? () => setStep("content") : onBack}
      onNext={next}
    >
      {step === "look" ? (
        <LookForm
          look={design}
          type={content.type}
          fault={lookFault}
          onChange={(look, group) => history.set({ ...history.value, design: look }, group)}
        />
      ) : (
        <ContentStep
          ref={form}
          content={content}
          kind={kind}
          error={error}
          payload={verdict?.payload}
          fresh
          onChange={(value, chosen) =>
            history.set(
              { content: value, design: history.value.design, ...(chosen ? { kind: chosen } : {}) },
              value.type === content.type && chosen === kind ? "content" : undefined,
            )
          }
        />
      )}
      {draft && isProblem(save.error, "unreadable_design") ? (
        <SaveAnyway busy={save.isPending} onSave={() => save.mutate({ ...draft, allow_unreadable: true })} />
      ) : null}
    </Studio>
  );
}

/** A look is one's own once it was chosen; until then it is the usual one of the workspace. */
type Value = Omit<Draft, "design"> & { design: Look | null };

function begin(): Value {
  const kept = keptDraft();
  if (!kept) return { content: { type: "url", url: "" }, design: null };
  return { ...kept, design: isSameLook(kept.design, PLAIN) ? null : kept.design };
}

/** Saves once: repeats of the same attempt carry the same key, so that they make one code. */
function useSave(onSaved: (code: Code) => void) {
  const attempt = useRef({ text: "", key: "" });
  return useMutation({
    mutationFn: (wanted: Draft & { allow_unreadable?: boolean }) => {
      const text = JSON.stringify(wanted);
      if (attempt.current.text !== text) attempt.current = { text, key: idempotencyKey() };
      return createCode(wanted, attempt.current.key);
    },
    onSuccess: onSaved,
  });
}
