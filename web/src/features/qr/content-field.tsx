import { useLingui } from "@lingui/react/macro";
import { NativeSelect, PasswordInput, Switch, Textarea, TextInput } from "@mantine/core";
import { type InputHTMLAttributes, lazy, Suspense } from "react";

import { Skeleton } from "@/components/states";
import type { Content } from "@/lib/api/types";
import { currentLocale } from "@/lib/i18n";

import { PhoneField } from "./fields/phone-field";
import { PlaceField } from "./fields/place-field";
import { countries } from "./fields/regions";
import { timeZones } from "./fields/zones";
import { type FormField, inLocale, type Widget } from "./schema";

type Props = {
  field: FormField;
  content: Content;
  /** It is printed and cannot change. */
  stays: boolean;
  fault: string | undefined;
  onLeave: () => void;
  /** Fields with what was written into them; a place fills in two at once. */
  onChange: (fields: Record<string, string | boolean>) => void;
};

/** Few codes open a file, and the first page does not wait for what uploads one. */
const FileField = lazy(async () => ({ default: (await import("@/components/upload/file-field")).FileField }));

type Attributes = Pick<InputHTMLAttributes<HTMLInputElement>, "type" | "inputMode" | "spellCheck">;

const INPUT: Partial<Record<Widget, Attributes>> = {
  url: { inputMode: "url" },
  phone: { type: "tel", inputMode: "tel" },
  email: { inputMode: "email" },
  amount: { inputMode: "decimal" },
  digits: { inputMode: "numeric" },
  iban: { spellCheck: false },
  day: { type: "date" },
};

export function ContentField({ field, content, stays, fault, onLeave, onChange }: Props) {
  const { t } = useLingui();
  const locale = currentLocale();
  const label = inLocale(field.label, locale);
  const value = content[field.name] ?? field.initial;
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  const write = (written: string) => onChange({ [field.name]: written });
  if (field.widget === "switch") {
    return (
      <Switch
        label={label}
        checked={value === true}
        onChange={(event) => onChange({ [field.name]: event.currentTarget.checked })}
        size="md"
      />
    );
  }
  if (field.widget === "file") {
    return (
      <Suspense fallback={<Skeleton rows={1} picture={false} />}>
        <FileField
          label={label}
          help={field.help && inLocale(field.help, locale)}
          fault={fault}
          value={text || undefined}
          onChange={(id) => {
            onLeave();
            write(id ?? "");
          }}
        />
      </Suspense>
    );
  }
  const input = {
    label: field.needed || stays || field.widget === "password" ? label : t`${label} (optional)`,
    description: stays ? t`Printed in the code, so it stays.` : field.help && inLocale(field.help, locale),
    disabled: stays,
    placeholder: field.placeholder && inLocale(field.placeholder, locale),
    error: fault,
    value: text,
    onBlur: onLeave,
  };
  const typed = {
    onChange: (event: { currentTarget: { value: string } }) => write(event.currentTarget.value),
  };
  const chosen = { ...input, ...typed, label };
  switch (field.widget) {
    case "choice":
      return (
        <NativeSelect
          {...chosen}
          data={field.options.map((option) => ({
            value: option.value,
            label: inLocale(option.label, locale),
          }))}
        />
      );
    case "country":
      return (
        <NativeSelect
          {...chosen}
          data={field.initial ? countries(locale) : [{ value: "", label: "–" }, ...countries(locale)]}
        />
      );
    case "time_zone":
      return <NativeSelect {...chosen} data={timeZones(text)} />;
    case "multiline":
      return <Textarea {...input} {...typed} rows={4} />;
    case "password":
      return (
        <PasswordInput
          {...input}
          {...typed}
          autoComplete="off"
          visibilityToggleButtonProps={{ "aria-label": t`Show the password`, tabIndex: 0 }}
        />
      );
    case "moment":
      return <Moment {...input} {...typed} wholeDay={content["all_day"] === true} />;
    case "place":
      return (
        <PlaceField
          {...input}
          leads={field.name === "latitude"}
          onWrite={write}
          onPlace={({ latitude, longitude }) => onChange({ latitude, longitude })}
        />
      );
    case "phone":
    case "phone_or_short":
      if (field.callingCodes) {
        return (
          <PhoneField
            {...input}
            codes={field.callingCodes}
            shortOnesWork={field.widget === "phone_or_short"}
            onWrite={write}
          />
        );
      }
  }
  return (
    <TextInput
      {...input}
      {...typed}
      {...INPUT[field.widget]}
      autoCapitalize={field.widget === "line" ? "sentences" : field.widget === "iban" ? "characters" : "none"}
    />
  );
}

type MomentProps = Omit<Parameters<typeof TextInput>[0], "type"> & { value: string; wholeDay: boolean };

/** A day, with its time unless it is a whole one; the time waits while whole days are chosen. */
function Moment({ wholeDay, value, ...input }: MomentProps) {
  const shown = wholeDay ? value.slice(0, 10) : value;
  return <TextInput {...input} type={wholeDay ? "date" : "datetime-local"} value={shown} />;
}
