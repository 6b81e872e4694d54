import { useLingui } from "@lingui/react/macro";
import { ActionIcon, Button } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp, IconArrowLeft, IconArrowRight } from "@tabler/icons-react";

import { Icon } from "@/components/icon";

type Props = {
  title: string;
  note?: string | undefined;
  canUndo: boolean;
  canRedo: boolean;
  next: { label: string; forward: boolean; busy: boolean };
  onBack: () => void;
  onUndo: () => void;
  onRedo: () => void;
  onNext: () => void;
};

/** The head of the studio: way back, undo and redo, and on a desktop the next step. */
export function StudioBar(props: Props) {
  const { t } = useLingui();
  return (
    <header className="bar">
      <ActionIcon variant="subtle" aria-label={t`Back`} onClick={props.onBack}>
        <Icon of={IconArrowLeft} turns />
      </ActionIcon>
      <h1 className="grow truncate">
        {props.title}
        {props.note ? <span className="saved">{props.note}</span> : null}
      </h1>
      <ActionIcon variant="subtle" aria-label={t`Undo`} disabled={!props.canUndo} onClick={props.onUndo}>
        <Icon of={IconArrowBackUp} turns />
      </ActionIcon>
      <ActionIcon variant="subtle" aria-label={t`Redo`} disabled={!props.canRedo} onClick={props.onRedo}>
        <Icon of={IconArrowForwardUp} turns />
      </ActionIcon>
      <span className="only-desk">
        <NextButton next={props.next} onNext={props.onNext} />
      </span>
    </header>
  );
}

export function NextButton({ next, onNext }: Pick<Props, "next" | "onNext">) {
  return (
    <Button
      loading={next.busy}
      onClick={onNext}
      rightSection={next.forward ? <Icon of={IconArrowRight} turns /> : undefined}
    >
      {next.label}
    </Button>
  );
}
