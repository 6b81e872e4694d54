import { useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";

import { Alone } from "@/components/alone";
import { useForgotPassword } from "@/features/auth/api";
import { useCommonWords } from "@/features/auth/faults";
import { isProblem } from "@/lib/api/problem";

/** A forgotten password; the answer is the same for known and unknown addresses. */
export function ForgotPage() {
  const { t } = useLingui();
  const [email, setEmail] = useState("");
  const forgot = useForgotPassword();
  const words = useCommonWords();
  if (forgot.isSuccess) {
    return (
      <Alone title={t`Look into your mail`}>
        <p>{t`If ${email} has an account here, a link to a new password is on its way. No mail? Look in “Spam”.`}</p>
        <p className="small muted">
          {t`A server without a mail service keeps the letter in its outbox; its operator can give you the link.`}
        </p>
        <Button component={Link} to="/" variant="default">
          {t`Back to the first page`}
        </Button>
      </Alone>
    );
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    forgot.mutate(email.trim());
  };
  const invalid = isProblem(forgot.error, 422);
  return (
    <Alone title={t`Forgotten your password?`}>
      <form className="stack" onSubmit={submit} noValidate>
        <p>{t`Write your e-mail; we send you a link to a new one. Your codes go on working meanwhile.`}</p>
        <TextInput
          label={t`E-mail`}
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={invalid ? t`This is no e-mail address. It looks like name@example.com.` : undefined}
        />
        {forgot.error && !invalid ? (
          <p className="tip tip-bad" role="alert">
            {words(forgot.error)}
          </p>
        ) : null}
        <Button type="submit" loading={forgot.isPending} disabled={email.trim() === ""}>
          {t`Send me a link`}
        </Button>
      </form>
    </Alone>
  );
}
