import { useLingui } from "@lingui/react/macro";
import { ActionIcon } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";

import { Icon } from "@/components/icon";

import { ColourField } from "./colour-field";

type Props = {
  /** Its place in the list, from 1. */
  number: number;
  colour: string;
  onChange: (colour: string) => void;
  /** Left out where the list would become too short. */
  onRemove: (() => void) | undefined;
};

/** One of several colours: picked or typed, and taken away. */
export function ColourRow({ number, colour, onChange, onRemove }: Props) {
  const { t } = useLingui();
  return (
    <li>
      <input
        type="color"
        aria-label={t`Colour ${number}`}
        value={colour}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <ColourField label={t`Colour ${number}: as a number`} value={colour} onChange={onChange} />
      {onRemove ? (
        <ActionIcon variant="subtle" aria-label={t`Take colour ${number} away`} onClick={onRemove}>
          <Icon of={IconTrash} />
        </ActionIcon>
      ) : null}
    </li>
  );
}
