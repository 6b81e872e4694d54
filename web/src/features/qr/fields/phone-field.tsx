import { useLingui } from "@lingui/react/macro";
import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";

import { currentLocale } from "@/lib/i18n";

import { type CallingCodes, homeRegion, phoneParts, wholeNumber } from "./phone";
import { countryName } from "./regions";
import type { InputProps } from "./types";

type Props = InputProps & { codes: CallingCodes; shortOnesWork: boolean; onWrite: (number: string) => void };

/** A phone number with its country before it, so that nobody has to know how to write that. */
export function PhoneField({ codes, shortOnesWork, onWrite, ...input }: Props) {
  const { t } = useLingui();
  const locale = currentLocale();
  const [chosen, setChosen] = useState(() => phoneParts(input.value, codes, homeRegion()).region);
  const { region, national } = phoneParts(input.value, codes, chosen);
  const countries = Object.entries(codes)
    .map(([name, code]) => ({ value: name, label: `${countryName(name, locale)} +${code}` }))
    .sort((one, other) => one.label.localeCompare(other.label, locale));
  const write = (typed: string, to: string) => onWrite(wholeNumber(typed, to, codes, shortOnesWork));
  return (
    <TextInput
      {...input}
      type="tel"
      inputMode="tel"
      autoComplete="tel-national"
      value={national}
      placeholder={input.placeholder?.replace(/^\+\d+ /, "")}
      onChange={(event) => write(event.currentTarget.value, region)}
      leftSection={
        <NativeSelect
          variant="unstyled"
          styles={{ input: { border: 0, background: "none", paddingInlineStart: 16 } }}
          aria-label={t`Country of the number`}
          value={region}
          data={countries}
          onChange={(event) => {
            const to = event.currentTarget.value;
            setChosen(to);
            write(national, to);
          }}
        />
      }
      leftSectionWidth={136}
    />
  );
}
