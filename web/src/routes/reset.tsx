import { useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";

import { Alone } from "@/components/alone";
import { useResetPassword } from "@/features/auth/api";
import { useCommonWords } from "@/features/auth/faults";
import { isPasswordFault, NewPassword } from "@/features/auth/new-password";
import { isProblem } from "@/lib/api/problem";

const route = getRouteApi("/app/reset");

/** A new password, behind the link from the mail. */
export function ResetPage() {
  const { t } = useLingui();
  const { token } = route.useSearch();
  const [password, setPassword] = useState("");
  const reset = useResetPassword();
  const words = useCommonWords();
  const { error } = reset;
  if (reset.isSuccess) {
    return (
      <Alone title={t`Your new password works`}>
        <Button renderRoot={(props) => <Link to="/" search={{ sign: "in" }} {...props} />}>
          {t`Sign in`}
        </Button>
      </Alone>
    );
  }
  const weak = isPasswordFault(error, "password");
  if (!token || (isProblem(error, 400, 401, 404, 410, 422) && !weak)) {
    return (
      <Alone title={t`This link does not work any more`}>
        <p>{t`Links work once and not for ever. Ask for a new one.`}</p>
        <Button component={Link} to="/app/forgot">
          {t`Send me a link`}
        </Button>
      </Alone>
    );
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    reset.mutate({ token, password });
  };
  return (
    <Alone title={t`Choose a new password`}>
      <form className="stack" onSubmit={submit} noValidate>
        <NewPassword value={password} onChange={setPassword} error={error} field="password" />
        {error && !weak ? (
          <p className="tip tip-bad" role="alert">
            {words(error)}
          </p>
        ) : null}
        <Button type="submit" loading={reset.isPending} disabled={password === ""}>
          {t`Save the new password`}
        </Button>
      </form>
    </Alone>
  );
}
