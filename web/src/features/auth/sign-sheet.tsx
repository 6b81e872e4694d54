import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type SubmitEvent, type ReactNode, useState } from "react";

import { Sheet } from "@/components/sheet";

import { useLogIn, useSignUp } from "./api";
import { useFaultWords } from "./faults";

export type SignMode = "save" | "sign-in" | "sign-up";

type Props = {
  /** `save`: something waits to be saved. */
  mode: SignMode | null;
  onMode: (mode: SignMode) => void;
  onClose: () => void;
  onSignedIn: () => void;
  /** What waits to be saved. */
  waiting?: ReactNode;
};

/** One sheet over the page one was on: e-mail and password, for new and for known people. */
export function SignSheet({ mode, onMode, onClose, onSignedIn, waiting }: Props) {
  const { t } = useLingui();
  const titles: Record<SignMode, string> = {
    save: t`Save this code`,
    "sign-in": t`Sign in`,
    "sign-up": t`Make a free account`,
  };
  return (
    <Sheet opened={mode !== null} onClose={onClose} title={titles[mode ?? "save"]} width={440}>
      {mode ? <SignForm mode={mode} onMode={onMode} onSignedIn={onSignedIn} waiting={waiting} /> : null}
    </Sheet>
  );
}

type FormProps = {
  mode: SignMode;
  onMode: (mode: SignMode) => void;
  onSignedIn: () => void;
  waiting: ReactNode;
};

function SignForm({ mode, onMode, onSignedIn, waiting }: FormProps) {
  const { t } = useLingui();
  const signUp = useSignUp();
  const logIn = useLogIn();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const attempt = mode === "sign-in" ? logIn : signUp;
  const words = useFaultWords(attempt.error, mode);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (attempt.isPending) return;
    attempt.mutate({ email: email.trim(), password }, { onSuccess: onSignedIn });
  };
  const labels: Record<SignMode, string> = {
    save: t`Save my code`,
    "sign-in": t`Sign in`,
    "sign-up": t`Make my account`,
  };
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {mode === "save" ? waiting : null}
      <TextInput
        label={t`E-mail`}
        type="email"
        name="email"
        autoComplete="username"
        inputMode="email"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        error={words.email}
        data-autofocus
      />
      <PasswordInput
        label={t`Password`}
        name="password"
        autoComplete={mode === "sign-in" ? "current-password" : "new-password"}
        description={mode === "sign-in" ? undefined : t`New here? Choose one with at least 10 characters.`}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={words.password}
        visibilityToggleButtonProps={{ "aria-label": t`Show the password`, tabIndex: 0 }}
      />
      {words.form ? (
        <p className="tip tip-bad" role="alert">
          {words.form}
        </p>
      ) : null}
      <Button type="submit" fullWidth loading={attempt.isPending}>
        {labels[mode]}
      </Button>
      <p className="row spread wrap small">
        {mode === "sign-in" ? (
          <button className="link" type="button" onClick={() => onMode(waiting ? "save" : "sign-up")}>
            <Trans>New here? Make a free account</Trans>
          </button>
        ) : mode === "sign-up" ? (
          <button className="link" type="button" onClick={() => onMode("sign-in")}>
            <Trans>I have an account</Trans>
          </button>
        ) : (
          <span className="muted">
            <Trans>Free, no card.</Trans>
          </span>
        )}
        <Link className="link" to="/app/forgot">
          <Trans>Forgotten your password?</Trans>
        </Link>
      </p>
    </form>
  );
}
