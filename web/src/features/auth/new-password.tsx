import { useLingui } from "@lingui/react/macro";
import { PasswordInput } from "@mantine/core";

import { isProblem } from "@/lib/api/problem";

import { isWeak } from "./faults";

/** Characters of the shortest password the server takes; a test compares it with the API's document. */
export const SHORTEST_PASSWORD = 8;

type Props = {
  value: string;
  onChange: (value: string) => void;
  /** What the attempt to set it ended with, and the field it was sent in. */
  error: unknown;
  field: string;
};

/** Whether the password itself is what the server minds. */
export function isPasswordFault(error: unknown, field: string): boolean {
  return isWeak(error) || (isProblem(error, 422) && error.fault(field) !== undefined);
}

/** Where a new password is chosen by somebody who has an account. */
export function NewPassword({ value, onChange, error, field }: Props) {
  const { t } = useLingui();
  return (
    <PasswordInput
      label={t`New password`}
      description={t`At least ${SHORTEST_PASSWORD} characters, for example three words.`}
      autoComplete="new-password"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={
        isPasswordFault(error, field)
          ? t`This password is easy to guess. Make it longer, for example three words.`
          : undefined
      }
      visibilityToggleButtonProps={{ "aria-label": t`Show the password`, tabIndex: 0 }}
    />
  );
}
