import { useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";

import { Icon } from "@/components/icon";

import { ColourRow } from "../colour-row";
import { INK } from "../design";

/** As many as the API keeps with a brand. */
const MOST = 24;

type Props = { value: string[]; onChange: (colours: string[]) => void };

/** The colours of a brand: they stand first wherever a colour is chosen. */
export function ColourList({ value, onChange }: Props) {
  const { t } = useLingui();
  return (
    <fieldset className="stack" style={{ "--gap": "var(--sp-2)" }}>
      <legend>{t`Colours`}</legend>
      <ol className="stops">
        {value.map((colour, index) => (
          <ColourRow
            key={index}
            number={index + 1}
            colour={colour}
            onChange={(next) => onChange(value.map((old, at) => (at === index ? next : old)))}
            onRemove={() => onChange(value.filter((_, at) => at !== index))}
          />
        ))}
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
