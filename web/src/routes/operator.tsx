import { useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";

import { Alone } from "@/components/alone";
import { useClaimOperator } from "@/features/auth/api";
import { useCommonWords } from "@/features/auth/faults";
import { isProblem } from "@/lib/api/problem";
import { useMe } from "@/lib/session";

const route = getRouteApi("/inside/app/operator");

/** The one-time link that the first start prints: whoever is signed in becomes the operator. */
export function OperatorPage() {
  const { t } = useLingui();
  const { token } = route.useSearch();
  const { email, is_operator: isOperator } = useMe().user;
  const claim = useClaimOperator();
  const words = useCommonWords();
  if (claim.isSuccess || isOperator) {
    return (
      <Alone title={t`You are the operator of this server`}>
        <Button component={Link} to="/app/server">
          {t`See how this server is`}
        </Button>
      </Alone>
    );
  }
  if (!token || isProblem(claim.error, 400, 401, 404, 409, 410, 422)) {
    return (
      <Alone title={t`This link does not work any more`}>
        <p>{t`Links work once and not for ever. The command “scanly user operator” makes an operator, too.`}</p>
        <Button component={Link} to="/app">
          {t`Go to your codes`}
        </Button>
      </Alone>
    );
  }
  return (
    <Alone title={t`Become the operator of this server?`}>
      <p>{t`You are signed in as ${email}. An operator looks after the server itself: its health, mails and backups.`}</p>
      {claim.error ? (
        <p className="tip tip-bad" role="alert">
          {words(claim.error)}
        </p>
      ) : null}
      <Button loading={claim.isPending} onClick={() => claim.mutate(token)}>
        {t`Yes, that is me`}
      </Button>
    </Alone>
  );
}
