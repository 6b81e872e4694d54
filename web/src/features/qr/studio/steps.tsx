import { useLingui } from "@lingui/react/macro";

export type StepName = "content" | "look" | "download";

const STEPS: StepName[] = ["content", "look", "download"];

type Props = { step: StepName; onStep: (step: StepName) => void; numbered?: boolean };

/** Where one is: content, look, download; each can be gone to. */
export function Steps({ step, onStep, numbered = false }: Props) {
  const { t } = useLingui();
  const names: Record<StepName, string> = { content: t`Content`, look: t`Look`, download: t`Download` };
  return (
    <nav className={numbered ? "seg steps numbered" : "seg steps"} aria-label={t`Steps`}>
      {STEPS.map((name, index) => (
        <button
          key={name}
          type="button"
          aria-current={name === step ? "step" : undefined}
          onClick={() => onStep(name)}
        >
          {numbered ? (
            <span className="number" aria-hidden="true">
              {index + 1}
            </span>
          ) : null}
          {names[name]}
        </button>
      ))}
    </nav>
  );
}
