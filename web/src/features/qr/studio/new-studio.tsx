import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";

import { Asked } from "@/components/asked";
import { Skeleton } from "@/components/states";
import { idempotencyKey } from "@/lib/api/client";
import { ApiProblem, isProblem, NetworkProblem } from "@/lib/api/problem";
import type { Code, Content } from "@/lib/api/types";
import { currentLocale } from "@/lib/i18n";

import { contentTypesQuery, createCode } from "../api";
import { PLAIN } from "../colours";
import { cleaned, isBegun } from "../content";
import { ContentForm } from "../content-form";
import { DesignForm } from "../design-form";
import { dropDraft, keepDraft, keptDraft } from "../draft";
import { useFieldFault } from "../faults";
import { useHistory, useUndoKeys } from "../history";
import { Holds } from "../holds";
import { KindTiles } from "../make/kind-tiles";
import { type Draft, usePreview } from "../preview";
import { inLocale } from "../schema";
import { Studio } from "./studio";

type Props = { onBack: () => void; onSaved: (code: Code) => void };

/** A new code: what it holds, how it looks, saved. What is half done is kept in this tab. */
export function NewStudio({ onBack, onSaved }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const types = useQuery(contentTypesQuery);
  const [start] = useState((): Draft => keptDraft() ?? { content: { type: "url", url: "" }, design: PLAIN });
  const history = useHistory(start);
  const { content, design } = history.value;
  const [step, setStep] = useState<"content" | "look">("content");
  const [asked, setAsked] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  useUndoKeys(history.undo, history.redo);
  useEffect(() => keepDraft(history.value), [history.value]);

  const type = types.data?.data.find((known) => known.type === content.type);
  const draft = useMemo(
    () => (isBegun(content, type) ? { content: cleaned(content), design } : null),
    [type, content, design],
  );
  const { picture, verdict, error } = usePreview(draft);
  const fieldFault = useFieldFault(error);
  const save = useSave((code) => {
    dropDraft();
    void client.invalidateQueries({ queryKey: ["codes"] });
    onSaved(code);
  });
  const wrong = isProblem(error, 422) && error.faults.some(({ pointer }) => pointer.includes("content"));

  const next = () => {
    if (!draft || wrong) {
      setStep("content");
      setAsked(true);
      const fault = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
      (fault ?? form.current?.querySelector<HTMLElement>(".fields input, .fields textarea"))?.focus();
    } else if (step === "content") setStep("look");
    else save.mutate(draft);
  };
  const change = (value: Content) =>
    history.set({ content: value, design }, value.type === content.type ? "content" : undefined);

  return (
    <Studio
      title={t`New code`}
      note={type && inLocale(type.title, currentLocale())}
      showcase={step === "look"}
      picture={picture}
      check={verdict}
      problem={
        useSaveFault(save.error) ??
        (asked && !draft ? t`Fill in the fields first: then there is a code.` : undefined)
      }
      history={history}
      steps={[
        { label: t`Content`, current: step === "content", go: () => setStep("content") },
        { label: t`Look`, current: step === "look", go: () => (step === "content" ? next() : undefined) },
      ]}
      next={{
        label: step === "content" ? t`Next: look` : t`Save`,
        forward: step === "content",
        busy: save.isPending,
      }}
      onBack={step === "look" ? () => setStep("content") : onBack}
      onNext={next}
    >
      {step === "look" ? (
        <DesignForm design={design} onChange={(look) => history.set({ content, design: look })} />
      ) : (
        <div className="opts" ref={form}>
          <KindTiles
            legend={t`What should open?`}
            value={content.type}
            onChange={(kind) => change({ type: kind })}
          />
          <Asked
            query={types}
            title={t`We cannot show the form right now`}
            stillWorks={t`Your codes go on working.`}
            waiting={<Skeleton rows={3} picture={false} />}
          >
            {() =>
              type ? (
                <>
                  <p className="muted">{inLocale(type.help, currentLocale())}</p>
                  <ContentForm
                    type={type}
                    content={content}
                    onChange={change}
                    fault={fieldFault}
                    key={type.type}
                  />
                  <Holds changeable={type.default_kind === "dynamic"} />
                </>
              ) : (
                <p className="muted">
                  <Trans>Choose what should open.</Trans>
                </p>
              )
            }
          </Asked>
        </div>
      )}
    </Studio>
  );
}

/** Saves once: repeats of the same attempt carry the same key, so that they make one code. */
function useSave(onSaved: (code: Code) => void) {
  const attempt = useRef({ text: "", key: "" });
  return useMutation({
    mutationFn: (wanted: Draft) => {
      const text = JSON.stringify(wanted);
      if (attempt.current.text !== text) attempt.current = { text, key: idempotencyKey() };
      return createCode(wanted, attempt.current.key);
    },
    onSuccess: onSaved,
  });
}

export function useSaveFault(error: unknown): string | undefined {
  const { t } = useLingui();
  if (!error) return undefined;
  if (error instanceof NetworkProblem) return t`No network. Nothing is lost: save again when it is back.`;
  if (isProblem(error, "unreadable_design"))
    return t`A phone could not read this. Use a darker colour or squares.`;
  return error instanceof ApiProblem
    ? (error.faults[0]?.detail ?? error.message)
    : t`That did not work. Try again.`;
}
