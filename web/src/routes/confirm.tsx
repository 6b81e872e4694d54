import { useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";

import { Alone } from "@/components/alone";
import { useConfirmEmail } from "@/features/auth/api";
import { useCommonWords } from "@/features/auth/faults";
import { isProblem } from "@/lib/api/problem";

const route = getRouteApi("/app/confirm");

/** The link from the mail that asks whether an address is yours. One tap, so that mail scanners confirm nothing. */
export function ConfirmPage() {
  const { t } = useLingui();
  const { token } = route.useSearch();
  const confirm = useConfirmEmail();
  const words = useCommonWords();
  if (confirm.isSuccess) {
    return (
      <Alone title={t`Thank you, that is your e-mail`}>
        <Button component={Link} to="/app">
          {t`Go to your codes`}
        </Button>
      </Alone>
    );
  }
  const used = !token || isProblem(confirm.error, 400, 401, 404, 410, 422);
  return (
    <Alone title={used ? t`This link does not work any more` : t`One more tap: is this your e-mail?`}>
      {used ? (
        <>
          <p>{t`Links work once and not for ever. Sign in and let us send a new one, under More.`}</p>
          <Button component={Link} to="/app/more">
            {t`Go to More`}
          </Button>
        </>
      ) : (
        <>
          <p>{t`Your codes work already. Confirm, so that nobody else can take your account.`}</p>
          {confirm.error ? (
            <p className="tip tip-bad" role="alert">
              {words(confirm.error)}
            </p>
          ) : null}
          <Button loading={confirm.isPending} onClick={() => confirm.mutate(token)}>
            {t`Yes, this is my e-mail`}
          </Button>
        </>
      )}
    </Alone>
  );
}
