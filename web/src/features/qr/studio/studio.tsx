import { useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";

import { usePageTitle } from "@/components/page";
import { Sheet } from "@/components/sheet";
import type { Check } from "@/lib/api/types";

import { DraftPicture } from "../picture";
import { Verdict } from "../verdict";
import { StudioBar, NextButton } from "./bar";
import { JudgePanel } from "./judge-panel";

export type Step = { label: string; current: boolean; go: () => void };

type Props = {
  title: string;
  note?: string | undefined;
  steps: Step[];
  picture: string | undefined;
  check: Check | undefined;
  problem?: string | undefined;
  /** Whether the picture is large; else it waits beside the button on a phone. */
  showcase: boolean;
  next: { label: string; forward: boolean; busy: boolean };
  history: { canUndo: boolean; canRedo: boolean; undo: () => void; redo: () => void };
  onBack: () => void;
  onNext: () => void;
  children: ReactNode;
};

/** The place where a code is made: what it holds or how it looks, the code itself, and its judge. */
export function Studio(props: Props) {
  const { t } = useLingui();
  const [judging, setJudging] = useState(false);
  usePageTitle(props.title);
  const { picture, check, history } = props;
  return (
    <div className={props.showcase ? "studio showcase" : "studio"}>
      <StudioBar
        title={props.title}
        note={props.note}
        canUndo={history.canUndo}
        canRedo={history.canRedo}
        next={props.next}
        onBack={props.onBack}
        onUndo={history.undo}
        onRedo={history.redo}
        onNext={props.onNext}
      />
      <main className="bench" id="main" tabIndex={-1}>
        <section className="view" aria-label={t`Your code`}>
          <div className="view-code">
            <DraftPicture source={picture} />
          </div>
          {check ? (
            <button
              className="meter only-mob"
              type="button"
              aria-haspopup="dialog"
              onClick={() => setJudging(true)}
            >
              <Verdict of={check} />
            </button>
          ) : null}
        </section>
        <section className="sheet" aria-label={t`What it holds and how it looks`}>
          {props.steps.length > 1 ? (
            <nav className="seg steps" aria-label={t`Steps`}>
              {props.steps.map((step) => (
                <button
                  key={step.label}
                  type="button"
                  aria-current={step.current ? "step" : undefined}
                  onClick={step.go}
                >
                  {step.label}
                </button>
              ))}
            </nav>
          ) : null}
          <div className="bench-scroll">
            {props.children}
            {props.problem ? (
              <p className="tip tip-bad" role="alert">
                {props.problem}
              </p>
            ) : null}
          </div>
        </section>
        <aside className="judge only-desk stack" aria-label={t`How well it scans`}>
          <JudgePanel check={check} />
        </aside>
        <div className="done only-mob">
          {props.showcase ? null : <DraftPicture source={picture} />}
          <NextButton next={props.next} onNext={props.onNext} />
        </div>
      </main>
      <Sheet opened={judging} onClose={() => setJudging(false)} title={t`How well it scans`}>
        <div className="stack">
          <JudgePanel check={check} />
        </div>
      </Sheet>
    </div>
  );
}
