import { useLingui } from "@lingui/react/macro";

import { useFaultWords, useReason } from "@/features/qr/faults";
import { ApiProblem, isProblem, NetworkProblem } from "@/lib/api/problem";

/** Why something could not be saved, in words; faults of a field stand at the field as well. */
export function useSaveFault(error: unknown): string | undefined {
  const { t } = useLingui();
  const reason = useReason();
  if (!error) return undefined;
  if (error instanceof NetworkProblem) return t`No network. Nothing is lost: save again when it is back.`;
  if (isProblem(error, "unreadable_design"))
    return t`A phone could not read this. Use a darker colour or squares.`;
  if (isProblem(error, "brand_rules"))
    return t`Your brand does not allow this look. Choose its colours and shapes, or ask an admin.`;
  return reason(error);
}

/** The fault at a part of the design, such as `frame/text`. */
export function useLookFault(error: unknown): (pointer: string) => string | undefined {
  const words = useFaultWords();
  return (pointer) => {
    if (!(error instanceof ApiProblem)) return undefined;
    const fault = error.faults.find((each) => each.pointer === `/design/${pointer}`);
    return fault && words(fault);
  };
}

/** Why the design as a whole cannot be judged: one of its pictures is gone, or is none. */
export function useDesignFault(error: unknown): string | undefined {
  const { t } = useLingui();
  const words = useFaultWords();
  if (!(error instanceof ApiProblem)) return undefined;
  const fault = error.faults.find(({ pointer }) => /^\/design\/.*file_id$/.test(pointer));
  if (fault?.code === "file_not_found")
    return t`A picture in this look is gone. Choose another one, or take it out.`;
  return fault && words(fault);
}

/** Leads to what is wrong, else to what is to be filled in first. */
export function focusFirstFault(form: HTMLElement | null) {
  const fault = form?.querySelector<HTMLElement>("[aria-invalid=true]");
  (fault ?? form?.querySelector<HTMLElement>(".fields input, .fields textarea"))?.focus();
}
