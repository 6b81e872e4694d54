import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";

import { toast } from "@/components/toast";
import { isProblem } from "@/lib/api/problem";
import { useMe } from "@/lib/session";

import { useChangePassword } from "../api";
import { useCommonWords } from "../faults";
import { isPasswordFault, NewPassword } from "../new-password";

/** A new password; everybody else who is signed in to this account is signed out by it. */
export function PasswordCard() {
  const { t } = useLingui();
  const { user } = useMe();
  const [old, setOld] = useState("");
  const [wanted, setWanted] = useState("");
  const change = useChangePassword();
  const words = useCommonWords();
  const { error } = change;
  const wrong = isProblem(error, 422) && error.fault("current_password") !== undefined;
  const weak = isPasswordFault(error, "new_password");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change.mutate(
      { current_password: old, new_password: wanted },
      {
        onSuccess: () => {
          setOld("");
          setWanted("");
          toast({ text: t`Your password is changed` });
        },
      },
    );
  };
  return (
    <section className="card stack" aria-labelledby="password">
      <h2 id="password">
        <Trans>Password</Trans>
      </h2>
      <form className="stack" onSubmit={submit} noValidate>
        <input type="text" autoComplete="username" value={user.email} readOnly hidden />
        <PasswordInput
          label={t`Current password`}
          autoComplete="current-password"
          value={old}
          onChange={(event) => setOld(event.currentTarget.value)}
          error={wrong ? t`This is not your current password. Capitals count.` : undefined}
          visibilityToggleButtonProps={{ "aria-label": t`Show the password`, tabIndex: 0 }}
        />
        <NewPassword value={wanted} onChange={setWanted} error={error} field="new_password" />
        {error && !wrong && !weak ? (
          <p className="tip tip-bad" role="alert">
            {words(error)}
          </p>
        ) : null}
        <Button
          type="submit"
          variant="default"
          loading={change.isPending}
          disabled={old === "" || wanted === ""}
        >
          {t`Change the password`}
        </Button>
      </form>
    </section>
  );
}
