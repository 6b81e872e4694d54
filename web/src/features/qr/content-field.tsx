import { useLingui } from "@lingui/react/macro";
import { NativeSelect, PasswordInput, Switch, Textarea, TextInput } from "@mantine/core";
import type { HTMLInputTypeAttribute } from "react";

import { currentLocale } from "@/lib/i18n";

import { type FormField, inLocale, type Widget } from "./schema";

type Props = {
  field: FormField;
  value: unknown;
  fault: string | undefined;
  onLeave: () => void;
  onChange: (value: string | boolean) => void;
};

const INPUT: Partial<
  Record<Widget, { type?: HTMLInputTypeAttribute; inputMode?: "url" | "decimal" | "tel" | "email" }>
> = {
  url: { inputMode: "url" },
  phone: { type: "tel", inputMode: "tel" },
  email: { inputMode: "email" },
  amount: { inputMode: "decimal" },
};

export function ContentField({ field, value, fault, onLeave, onChange }: Props) {
  const { t } = useLingui();
  const locale = currentLocale();
  const label = inLocale(field.label, locale);
  if (field.widget === "switch") {
    return (
      <Switch
        label={label}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
        size="md"
      />
    );
  }
  const shared = {
    label: field.needed || field.widget === "password" ? label : t`${label} (optional)`,
    description: field.help && inLocale(field.help, locale),
    error: fault,
    value: typeof value === "string" || typeof value === "number" ? String(value) : "",
    onBlur: onLeave,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  const placeholder = field.placeholder ? { placeholder: inLocale(field.placeholder, locale) } : {};
  switch (field.widget) {
    case "choice":
      return (
        <NativeSelect
          {...shared}
          label={label}
          data={field.options.map((option) => ({
            value: option.value,
            label: inLocale(option.label, locale),
          }))}
        />
      );
    case "multiline":
      return <Textarea {...shared} {...placeholder} rows={4} />;
    case "password":
      return (
        <PasswordInput
          {...shared}
          {...placeholder}
          autoComplete="off"
          visibilityToggleButtonProps={{ "aria-label": t`Show the password`, tabIndex: 0 }}
        />
      );
    default:
      return (
        <TextInput
          {...shared}
          {...placeholder}
          {...INPUT[field.widget]}
          autoCapitalize={field.widget === "line" ? "sentences" : "none"}
        />
      );
  }
}
