import { Trans, useLingui } from "@lingui/react/macro";
import { IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";

import { Icon } from "@/components/icon";
import { usePageTitle } from "@/components/page";
import { Sheet } from "@/components/sheet";

import { useContentFault } from "../faults";
import type { Look } from "../look/design";
import { DraftPicture } from "../picture";
import { isSample, type Sketch, type usePreview } from "../preview";
import { Pips, SpokenVerdict, Verdict } from "../verdict";
import { type Next, NextButton, StudioBar, type Undo } from "./bar";
import { useDesignFault } from "./faults";
import { JudgePanel } from "./judge-panel";
import { type StepName, Steps } from "./steps";

type Props = {
  title: string;
  note?: string | undefined;
  step: StepName;
  onStep: (step: StepName) => void;
  sketch: Sketch | null;
  preview: ReturnType<typeof usePreview>;
  /** A look that the judge's repair leads to. */
  onLook: (look: Look) => void;
  problem?: string | undefined;
  /** Whether the picture is large; else it waits beside the button on a phone. */
  showcase: boolean;
  next: Next;
  history: Undo | undefined;
  onBack: () => void;
  onNext: () => void;
  children: ReactNode;
};

/** The place where a code is made: what it holds or how it looks, the code itself, and its judge. */
export function Studio(props: Props) {
  const { t } = useLingui();
  const [judging, setJudging] = useState(false);
  usePageTitle(props.title);
  const { picture, verdict, isBehind, error } = props.preview;
  const fault = useDesignFault(error);
  const tooMuch = useContentFault(error);
  const problem = tooMuch ?? props.problem;
  return (
    <div className={props.showcase ? "studio showcase" : "studio"}>
      <StudioBar
        title={props.title}
        note={props.note}
        history={props.history}
        step={props.step}
        onStep={props.onStep}
        next={props.next}
        onBack={props.onBack}
        onNext={props.onNext}
      />
      <main className="bench" id="main" tabIndex={-1}>
        <section className="view" aria-label={t`Your code`}>
          <div className={isBehind ? "view-code behind" : "view-code"}>
            <DraftPicture source={picture?.source} />
          </div>
          {picture && isSample(props.sketch) ? (
            <p className="small muted">
              <Trans>This code can be scanned once it is saved.</Trans>
            </p>
          ) : null}
          {verdict ? (
            <button
              className="meter only-mob"
              type="button"
              aria-haspopup="dialog"
              onClick={() => setJudging(true)}
            >
              <Pips of={verdict} />
              <Verdict of={verdict} />
              <Icon of={IconChevronRight} turns />
            </button>
          ) : null}
          <SpokenVerdict of={isBehind ? undefined : verdict} />
        </section>
        <section className="sheet" aria-label={t`What it holds and how it looks`}>
          <span className="only-mob">
            <Steps step={props.step} onStep={props.onStep} />
          </span>
          <div className="bench-scroll">
            {fault ? <p className="tip tip-bad only-mob">{fault}</p> : null}
            {props.children}
            {problem ? (
              <p className="tip tip-bad" role="alert">
                {problem}
              </p>
            ) : null}
          </div>
        </section>
        <aside className="judge only-desk stack" aria-label={t`How well it scans`}>
          <JudgePanel check={verdict} fault={fault ?? tooMuch} sketch={props.sketch} onLook={props.onLook} />
        </aside>
        <div className="done only-mob">
          {props.showcase ? null : <DraftPicture source={picture?.source} />}
          <NextButton next={props.next} onNext={props.onNext} />
        </div>
      </main>
      <Sheet opened={judging} onClose={() => setJudging(false)} title={t`How well it scans`}>
        <div className="stack">
          <JudgePanel check={verdict} fault={fault ?? tooMuch} sketch={props.sketch} onLook={props.onLook} />
        </div>
      </Sheet>
    </div>
  );
}
