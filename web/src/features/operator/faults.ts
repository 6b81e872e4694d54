import { useLingui } from "@lingui/react/macro";

import { ApiProblem, isProblem, NetworkProblem } from "@/lib/api/problem";

/** What went wrong, in words for whoever looks after the server. */
export function useFaultWords(): (error: unknown) => string {
  const { t } = useLingui();
  return (error) => {
    if (error instanceof NetworkProblem) return t`No network. Nothing was changed.`;
    if (isProblem(error, 404, 409)) return t`That was decided already, or is on its way.`;
    if (isProblem(error, 503)) return t`A part of the server does not answer. Try again in a moment.`;
    return error instanceof ApiProblem ? error.message : t`That did not work. Nothing was changed.`;
  };
}
