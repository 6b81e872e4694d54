import { useLingui } from "@lingui/react/macro";

import { ApiProblem, isProblem, NetworkProblem } from "@/lib/api/problem";

/** Why something could not be saved, in words; faults of a field stand at the field as well. */
export function useSaveFault(error: unknown): string | undefined {
  const { t } = useLingui();
  if (!error) return undefined;
  if (error instanceof NetworkProblem) return t`No network. Nothing is lost: save again when it is back.`;
  if (isProblem(error, "unreadable_design"))
    return t`A phone could not read this. Use a darker colour or squares.`;
  if (isProblem(error, "brand_rules"))
    return t`Your brand does not allow this look. Choose its colours and shapes, or ask an admin.`;
  return error instanceof ApiProblem
    ? (error.faults[0]?.detail ?? error.message)
    : t`That did not work. Try again.`;
}

/** The fault at a part of the design, such as `frame/text`. */
export function useLookFault(error: unknown): (pointer: string) => string | undefined {
  return (pointer) =>
    error instanceof ApiProblem
      ? error.faults.find((fault) => fault.pointer === `/design/${pointer}`)?.detail
      : undefined;
}

/** Leads to what is wrong, else to what is to be filled in first. */
export function focusFirstFault(form: HTMLElement | null) {
  const fault = form?.querySelector<HTMLElement>("[aria-invalid=true]");
  (fault ?? form?.querySelector<HTMLElement>(".fields input, .fields textarea"))?.focus();
}
