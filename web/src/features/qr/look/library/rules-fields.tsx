import { useLingui } from "@lingui/react/macro";
import { Checkbox, NativeSelect } from "@mantine/core";

import { type Part, usePartNames } from "../parts";

type Props = {
  locked: Part[];
  contrast: number | null;
  onLocked: (parts: Part[]) => void;
  onContrast: (contrast: number | null) => void;
};

/** What of a brand only owners and admins may change in a code. */
export function RulesFields({ locked, contrast, onLocked, onContrast }: Props) {
  const { t } = useLingui();
  const names = usePartNames();
  const choices = [
    { value: "", label: t`As the check of the code asks` },
    { value: "4.5", label: t`Clear (4.5 : 1)` },
    { value: "7", label: t`Very clear (7 : 1)` },
  ];
  const value = contrast === null ? "" : String(contrast);
  const known = choices.some((choice) => choice.value === value);
  return (
    <>
      <Checkbox.Group value={locked} onChange={onLocked} label={t`Stays as it is`}>
        <div className="checks">
          {(Object.keys(names) as Part[]).map((part) => (
            <Checkbox key={part} value={part} label={names[part]} />
          ))}
        </div>
      </Checkbox.Group>
      <NativeSelect
        label={t`Least contrast of the colours`}
        value={value}
        onChange={({ currentTarget: { value: chosen } }) => onContrast(chosen === "" ? null : Number(chosen))}
        data={known ? choices : [...choices, { value, label: `${value} : 1` }]}
      />
    </>
  );
}
