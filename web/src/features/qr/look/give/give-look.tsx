import { useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { Sheet } from "@/components/sheet";
import { toast } from "@/components/toast";
import type { Code } from "@/lib/api/types";

import type { Look } from "../design";
import { AskWhich } from "./ask-which";
import { type Step, stepsFor, without } from "./plan";
import { Outcome, type Rehearsed, Rehearsal, UNREADABLE } from "./told";
import { useGive } from "./use-give";

type Props = { look: Look; except: string | undefined; opened: boolean; onClose: () => void };

/** Brings a look to other codes: which ones, what will become of them, done, and back again. */
export function GiveLook({ opened, onClose, ...of }: Props) {
  const { t } = useLingui();
  return (
    <Sheet opened={opened} onClose={onClose} title={t`Use this look for …`}>
      {opened ? <Giving {...of} onClose={onClose} /> : null}
    </Sheet>
  );
}

function Giving({ look, except, onClose }: Omit<Props, "opened">) {
  const { t } = useLingui();
  const { going, rehearse, give, takeBack } = useGive();
  const [seen, setSeen] = useState<Rehearsed | null>(null);
  const [given, setGiven] = useState<{ steps: Step[]; refused: number } | null>(null);
  const attempt = async (work: () => Promise<void>, failed: string) => {
    try {
      await work();
    } catch {
      toast({ text: failed, fault: true });
    }
  };
  const nothing = t`That did not work. Nothing was changed.`;
  const lookThrough = (codes: Code[], withFrame: boolean) =>
    attempt(async () => {
      const steps = stepsFor(codes, look, withFrame);
      const { refused, steps: possible } = await rehearse(steps);
      const changed = steps.reduce((sum, { ids }) => sum + ids.length, 0);
      const name = new Map(codes.map(({ id, name: own }) => [id, own]));
      const unread = new Set(refused.filter(({ code }) => code === UNREADABLE).map(({ id }) => id));
      const readable = new Set(steps.flatMap(({ ids }) => ids).filter((id) => !unread.has(id)));
      setSeen({
        steps: possible,
        risky: without(steps, readable),
        alike: codes.length - changed,
        refused: refused.map((each) => ({ ...each, name: name.get(each.id) ?? "" })),
      });
    }, nothing);
  const start = (steps: Step[], atRisk: boolean) =>
    attempt(
      async () => {
        const { steps: done, refused } = await give(steps, atRisk);
        setGiven({ steps: done, refused: refused.length });
      },
      t`It broke off. Some codes may have the look already; give it once more.`,
    );
  const back = (steps: Step[]) =>
    attempt(
      async () => {
        const { refused } = await takeBack(steps);
        onClose();
        toast({
          text:
            refused.length > 0 ? t`Some codes could not be brought back.` : t`All have their own look again.`,
          fault: refused.length > 0,
        });
      },
      t`That did not work. Try again.`,
    );

  if (given) {
    return <Outcome {...given} going={going} onUndo={() => void back(given.steps)} onDone={onClose} />;
  }
  if (seen) {
    return (
      <Rehearsal
        seen={seen}
        going={going}
        onBack={() => setSeen(null)}
        onGive={(steps, atRisk) => void start(steps, atRisk)}
      />
    );
  }
  return (
    <AskWhich
      except={except}
      framed={Boolean(look.frame)}
      going={going}
      onNext={(codes, withFrame) => void lookThrough(codes, withFrame)}
    />
  );
}
