import { useLingui } from "@lingui/react/macro";
import { type MantineColorScheme, useMantineColorScheme } from "@mantine/core";

import { Seg } from "./seg";

/** Light, dark, or as the device has it. Kept on this device. */
export function ThemeChoice() {
  const { t } = useLingui();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Seg<MantineColorScheme>
      label={t`Colours of this app`}
      value={colorScheme}
      onChange={setColorScheme}
      options={[
        { value: "light", label: t`Light` },
        { value: "dark", label: t`Dark` },
        { value: "auto", label: t`Like the device` },
      ]}
    />
  );
}
