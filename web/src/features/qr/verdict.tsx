import { useLingui } from "@lingui/react/macro";
import { IconAlertCircle, IconAlertTriangle, IconCircleCheck, type Icon as Shape } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import type { Scannability } from "@/lib/api/types";

import { useAdviceWords } from "./advice";

type Level = "easy" | "near" | "doubtful";

const BARS: Record<Scannability["grade"], number> = { A: 5, B: 4, C: 3, D: 2, F: 1 };
const LOOKS: Record<Level, { icon: Shape; colour: string }> = {
  easy: { icon: IconCircleCheck, colour: "var(--c-good)" },
  near: { icon: IconAlertCircle, colour: "var(--c-warn)" },
  doubtful: { icon: IconAlertTriangle, colour: "var(--c-bad)" },
};

export function levelOf({ grade }: Scannability): Level {
  if (grade === "A" || grade === "B") return "easy";
  return grade === "C" ? "near" : "doubtful";
}

function useWords(): Record<Level, string> {
  const { t } = useLingui();
  return { easy: t`Scans easily`, near: t`Scans, not from far`, doubtful: t`May not scan` };
}

/** The verdict of a real decoder in three words; announced only when it changes. */
export function Verdict({ of: scannability }: { of: Scannability }) {
  const words = useWords();
  const level = levelOf(scannability);
  return (
    <span className="row" style={{ "--gap": "8px" }}>
      <span style={{ color: LOOKS[level].colour }}>
        <Icon of={LOOKS[level].icon} />
      </span>
      <span className="strong">{words[level]}</span>
    </span>
  );
}

/** Five bars, as many lit as the code scans well. */
export function Pips({ of: scannability }: { of: Scannability }) {
  const lit = BARS[scannability.grade];
  return (
    <span className="pips" aria-hidden="true" style={{ "--c": LOOKS[levelOf(scannability)].colour }}>
      {[1, 2, 3, 4, 5].map((bar) => (
        <i key={bar} className={bar <= lit ? undefined : "off"} />
      ))}
    </span>
  );
}

/** Five bars, the words and the advice. */
export function Meter({ of: scannability }: { of: Scannability }) {
  const words = useWords();
  const advise = useAdviceWords();
  return (
    <div className="stack" style={{ "--gap": "var(--sp-2)" }}>
      <Pips of={scannability} />
      <p className="strong">{words[levelOf(scannability)]}</p>
      {scannability.advice.map((advice) => (
        <p key={advice.code} className={advice.severity === "hint" ? "small muted" : "tip tip-warn"}>
          {advise(advice)}
        </p>
      ))}
    </div>
  );
}

/** The verdict for those who listen: said when it changes, with what to do about it. */
export function SpokenVerdict({ of: scannability }: { of: Scannability | undefined }) {
  const words = useWords();
  const advise = useAdviceWords();
  return (
    <p className="sr" role="status">
      {scannability
        ? [`${words[levelOf(scannability)]}.`, ...scannability.advice.map(advise)].join(" ")
        : null}
    </p>
  );
}
