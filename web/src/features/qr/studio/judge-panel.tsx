import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconAlertCircle, IconCircleCheck, IconTool } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import { toast } from "@/components/toast";
import type { Check } from "@/lib/api/types";

import { useChangeWords } from "../advice";
import { type Look } from "../look/design";
import { repairDraft, type Sketch } from "../preview";
import { Meter } from "../verdict";
import { Figures } from "./figures";

type Props = {
  check: Check | undefined;
  /** Why the look cannot be judged, such as a picture that is gone. */
  fault: string | undefined;
  /** What is judged; nothing while there is nothing to draw. */
  sketch: Sketch | null;
  onLook: (look: Look) => void;
};

/** The verdict of the real decoder, which views of the code it could read, and what mends it. */
export function JudgePanel({ check, fault, sketch, onLook }: Props) {
  const { t } = useLingui();
  const names = useViewNames();
  if (!check) {
    return (
      <p className="muted">
        {fault ?? <Trans>Once there is something to draw, we read your code the way phones do.</Trans>}
      </p>
    );
  }
  const { views } = check.measures as { views?: Record<string, boolean> };
  const mendable = check.advice.some(({ severity }) => severity !== "hint");
  return (
    <>
      <Meter of={check} />
      {mendable && sketch ? <Repair sketch={sketch} onLook={onLook} /> : null}
      <p className="small muted">
        <Trans>We really read your code, several times, the way phones do.</Trans>
      </p>
      <ul className="tests">
        {Object.entries(views ?? {}).map(([view, read]) => (
          <li key={view}>
            <span className={read ? "yes" : "no"}>
              <Icon of={read ? IconCircleCheck : IconAlertCircle} />
            </span>
            {names[view] ?? view}
            <b>{read ? t`reads` : t`not sure`}</b>
          </li>
        ))}
      </ul>
      <Figures check={check} />
    </>
  );
}

/** Changes the least that makes phones read it; Undo takes it back. */
function Repair({ sketch, onLook }: { sketch: Sketch; onLook: (look: Look) => void }) {
  const { t } = useLingui();
  const words = useChangeWords();
  const repair = useMutation({
    mutationFn: () => repairDraft(sketch),
    onSuccess: ({ design, changes }) => {
      if (changes.length === 0) {
        toast({ text: t`The look cannot do more. Put less into the code, or print it larger.`, fault: true });
        return;
      }
      onLook(design);
      toast({ text: changes.map(words).join(" · ") });
    },
    onError: () => toast({ text: t`That did not work. Nothing was changed.`, fault: true }),
  });
  return (
    <Button
      variant="light"
      leftSection={<Icon of={IconTool} />}
      loading={repair.isPending}
      onClick={() => repair.mutate()}
    >
      <Trans>Repair</Trans>
    </Button>
  );
}

function useViewNames(): Record<string, string> {
  const { t } = useLingui();
  return {
    clean: t`Straight from the screen`,
    small: t`From far away`,
    blurred: t`Out of focus`,
    noisy: t`With a cheap camera`,
    tilted: t`From an angle`,
    turned: t`From the other side`,
    dim: t`Dim light`,
    packed: t`Sent in a chat`,
    glare: t`Under a lamp`,
    shade: t`In the shade of the phone`,
    printed: t`Printed in its size`,
  };
}
