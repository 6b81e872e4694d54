import { useLingui } from "@lingui/react/macro";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";

import { Failure } from "@/components/states";

/** A page that could not be opened. */
export function RouteFailure({ error, reset }: ErrorComponentProps) {
  const { t } = useLingui();
  const router = useRouter();
  return (
    <main id="main" className="alone">
      <Failure
        error={error}
        title={t`We cannot show this page right now`}
        heading="h1"
        stillWorks={t`Your codes go on working, and every scan is still being counted.`}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </main>
  );
}
