import { useLingui } from "@lingui/react/macro";
import { ActionIcon, Button } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowLeft,
  IconArrowRight,
  IconDownload,
} from "@tabler/icons-react";

import { Icon } from "@/components/icon";

import { type StepName, Steps } from "./steps";

export type Undo = { canUndo: boolean; canRedo: boolean; undo: () => void; redo: () => void };
export type Next = { label: string; icon: "forward" | "download"; busy: boolean };

type Props = {
  title: string;
  note?: string | undefined;
  /** What can be taken back; nothing where nothing is changed. */
  history: Undo | undefined;
  step: StepName;
  onStep: (step: StepName) => void;
  next: Next;
  onBack: () => void;
  onNext: () => void;
};

/** The head of the studio: way back, undo and redo, and on a desktop the steps and the next one. */
export function StudioBar({ title, note, history, step, onStep, next, onBack, onNext }: Props) {
  const { t } = useLingui();
  return (
    <header className="bar">
      <ActionIcon variant="subtle" aria-label={t`Back`} onClick={onBack}>
        <Icon of={IconArrowLeft} turns />
      </ActionIcon>
      <h1 className="grow truncate">
        <bdi>{title}</bdi>
        {note ? <span className="saved">{note}</span> : null}
      </h1>
      <span className="only-desk">
        <Steps step={step} onStep={onStep} numbered />
      </span>
      {history ? (
        <>
          <ActionIcon
            variant="subtle"
            aria-label={t`Undo`}
            disabled={!history.canUndo}
            onClick={history.undo}
          >
            <Icon of={IconArrowBackUp} turns />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            aria-label={t`Redo`}
            disabled={!history.canRedo}
            onClick={history.redo}
          >
            <Icon of={IconArrowForwardUp} turns />
          </ActionIcon>
        </>
      ) : null}
      <span className="only-desk">
        <NextButton next={next} onNext={onNext} />
      </span>
    </header>
  );
}

export function NextButton({ next, onNext }: Pick<Props, "next" | "onNext">) {
  return (
    <Button
      loading={next.busy}
      onClick={onNext}
      leftSection={next.icon === "download" ? <Icon of={IconDownload} /> : undefined}
      rightSection={next.icon === "forward" ? <Icon of={IconArrowRight} turns /> : undefined}
    >
      {next.label}
    </Button>
  );
}
