import { useLingui } from "@lingui/react/macro";
import { ActionIcon, Button } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";

import { Icon } from "@/components/icon";

import { ColourField } from "../colour-field";
import { INK } from "../design";

/** As many as the API keeps with a brand. */
const MOST = 24;

type Props = { value: string[]; onChange: (colours: string[]) => void };

/** The colours of a brand: they stand first wherever a colour is chosen. */
export function ColourList({ value, onChange }: Props) {
  const { t } = useLingui();
  const change = (index: number, colour: string) =>
    onChange(value.map((old, at) => (at === index ? colour : old)));
  return (
    <fieldset className="stack" style={{ "--gap": "var(--sp-2)" }}>
      <legend>{t`Colours`}</legend>
      <ol className="stops">
        {value.map((colour, index) => {
          const number = index + 1;
          return (
            <li key={index}>
              <input
                type="color"
                aria-label={t`Colour ${number}`}
                value={colour}
                onChange={(event) => change(index, event.currentTarget.value)}
              />
              <ColourField
                label={t`Colour ${number}: as a number`}
                value={colour}
                onChange={(next) => change(index, next)}
              />
              <ActionIcon
                variant="subtle"
                aria-label={t`Take colour ${number} away`}
                onClick={() => onChange(value.filter((_, at) => at !== index))}
              >
                <Icon of={IconTrash} />
              </ActionIcon>
            </li>
          );
        })}
      </ol>
      {value.length < MOST ? (
        <Button
          variant="default"
          leftSection={<Icon of={IconPlus} />}
          onClick={() => onChange([...value, INK])}
        >
          {t`One more colour`}
        </Button>
      ) : null}
    </fieldset>
  );
}
