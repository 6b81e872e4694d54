import { IconLanguage } from "@tabler/icons-react";
import { Button } from "@mantine/core";

import { currentLocale, LOCALES, type Locale } from "@/lib/i18n";

import { Icon } from "./icon";

/** The other language, in its own name. */
export function LanguageSwitch({ onChoose }: { onChoose: (locale: Locale) => void }) {
  const other = LOCALES.find(({ value }) => value !== currentLocale());
  if (!other) return null;
  return (
    <Button
      variant="subtle"
      size="sm"
      lang={other.value}
      leftSection={<Icon of={IconLanguage} />}
      onClick={() => onChoose(other.value)}
    >
      {other.name}
    </Button>
  );
}
