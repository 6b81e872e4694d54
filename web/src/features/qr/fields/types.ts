import type { ReactNode } from "react";

/** What every input of a form gets. */
export type InputProps = {
  label: string;
  description: string | undefined;
  error: string | undefined;
  value: string;
  placeholder: string | undefined;
  onBlur: () => void;
  children?: ReactNode;
};
