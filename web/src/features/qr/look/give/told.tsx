import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useState } from "react";

import { Icon } from "@/components/icon";

import type { Step } from "./plan";

type Going = { of: number; done: number } | null;
type Refused = { id: string; name: string; code: string; detail: string };
/** `risky`: what gives the look to codes that phones could not read in it. */
export type Rehearsed = { steps: Step[]; risky: Step[]; alike: number; refused: Refused[] };

/** The judge's refusal, which people may overrule. */
export const UNREADABLE = "unreadable_design";

const count = (steps: Step[]) => steps.reduce((sum, { ids }) => sum + ids.length, 0);

/** How far it is, for eyes and for ears. */
export function GoingBar({ going, label }: { going: NonNullable<Going>; label: string }) {
  const share = going.of > 0 ? Math.round((going.done / going.of) * 100) : 0;
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={going.of}
      aria-valuenow={going.done}
    >
      <span style={{ width: `${share}%` }} />
    </div>
  );
}

type RehearsalProps = {
  seen: Rehearsed;
  going: Going;
  onGive: (steps: Step[], atRisk: boolean) => void;
  onBack: () => void;
};

/** What would become of the codes, before anything is changed: each was read by the judge in the new look. */
export function Rehearsal({ seen: { steps, risky, alike, refused }, going, onGive, onBack }: RehearsalProps) {
  const { t } = useLingui();
  const [atRisk, setAtRisk] = useState(false);
  const wanted = atRisk ? [...steps, ...risky] : steps;
  const getting = count(wanted);
  const staying = refused.length - (atRisk ? count(risky) : 0);
  const why = ({ code, detail }: Refused) =>
    code === UNREADABLE
      ? t`Phones could not read it in this look.`
      : code === "brand_rules"
        ? t`Your brand does not allow it this look.`
        : detail;
  return (
    <div className="stack">
      <div className="stack" role="status" style={{ "--gap": "var(--sp-2)" }}>
        <p className="words">
          {plural(getting, {
            0: "No code would get this look.",
            one: "# code gets this look.",
            other: "# codes get this look.",
          })}
        </p>
        {alike > 0 ? (
          <p className="muted">{plural(alike, { one: "# has it already.", other: "# have it already." })}</p>
        ) : null}
        {staying > 0 ? (
          <p className="tip tip-warn">
            {plural(staying, { one: "# stays as it is:", other: "# stay as they are:" })}
          </p>
        ) : null}
      </div>
      {staying > 0 ? (
        <ul className="give-refused">
          {refused
            .filter(({ code }) => !(atRisk && code === UNREADABLE))
            .map((each) => (
              <li key={each.id}>
                <b className="strong breaks" dir="auto">
                  {each.name}
                </b>
                <span className="small muted">{why(each)}</span>
              </li>
            ))}
        </ul>
      ) : null}
      {risky.length > 0 ? (
        <Checkbox
          label={plural(count(risky), {
            one: "Give it to # code that phones cannot read in it, too, at my own risk",
            other: "Give it to # codes that phones cannot read in it, too, at my own risk",
          })}
          checked={atRisk}
          disabled={going !== null}
          onChange={(event) => setAtRisk(event.currentTarget.checked)}
        />
      ) : null}
      {getting > 0 ? (
        <p className="muted">
          <Trans>Prints you have already made go on working. You can take it back afterwards.</Trans>
        </p>
      ) : null}
      {going ? <GoingBar going={going} label={t`Codes changed`} /> : null}
      {getting > 0 ? (
        <Button loading={going !== null} onClick={() => onGive(wanted, atRisk)} data-autofocus>
          {plural(getting, { one: "Give it to # code", other: "Give it to # codes" })}
        </Button>
      ) : null}
      <Button variant="subtle" disabled={going !== null} onClick={onBack}>
        <Trans>Choose other codes</Trans>
      </Button>
    </div>
  );
}

type OutcomeProps = { steps: Step[]; refused: number; going: Going; onUndo: () => void; onDone: () => void };

/** What came of it, and the way back. */
export function Outcome({ steps, refused, going, onUndo, onDone }: OutcomeProps) {
  const { t } = useLingui();
  return (
    <div className="stack">
      <div role="status">
        <p className="words">
          {plural(count(steps), { one: "# code has this look now.", other: "# codes have this look now." })}
        </p>
        {refused > 0 ? (
          <p className="muted">
            {plural(refused, { one: "# code was left as it is.", other: "# codes were left as they are." })}
          </p>
        ) : null}
      </div>
      {going ? <GoingBar going={going} label={t`Codes brought back`} /> : null}
      <Button disabled={going !== null} onClick={onDone}>
        <Trans>Done</Trans>
      </Button>
      <Button
        variant="default"
        loading={going !== null}
        leftSection={<Icon of={IconArrowBackUp} turns />}
        onClick={onUndo}
      >
        <Trans>Undo</Trans>
      </Button>
    </div>
  );
}
