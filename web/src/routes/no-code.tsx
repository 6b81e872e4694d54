import { useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { Page } from "@/components/page";
import { Empty, Failure, Skeleton } from "@/components/states";
import { isProblem } from "@/lib/api/problem";

type Props = { error: unknown; onRetry: () => void };

/** What stands in place of a code: it is on its way, it cannot be shown now, or there is none of this name. */
export function NoCode({ error, onRetry }: Props) {
  const { t } = useLingui();
  const back = { to: "/app/codes", label: t`Codes` } as const;
  // 422: what stands in the address is no code's name at all.
  if (isProblem(error, 404, 422)) {
    return (
      <Page title={t`Not found`} back={back}>
        <Empty
          title={t`There is no such code`}
          actions={
            <Button component={Link} to="/app/codes">
              {t`Show all codes`}
            </Button>
          }
        />
      </Page>
    );
  }
  return (
    <Page title={t`Code`} back={back}>
      <section className="card">
        {error ? (
          <Failure
            error={error}
            title={t`We cannot show this code right now`}
            stillWorks={t`It goes on working, and every scan is still being counted.`}
            onRetry={onRetry}
          />
        ) : (
          <Skeleton rows={3} />
        )}
      </section>
    </Page>
  );
}
