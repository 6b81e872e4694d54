import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconClock } from "@tabler/icons-react";
import { type SubmitEvent, type ReactNode, useState } from "react";

import { Icon } from "@/components/icon";
import { Sheet } from "@/components/sheet";

import { useLogIn, useSignUp } from "./api";
import { useFaultWords } from "./faults";
import { SHORTEST_PASSWORD } from "./new-password";

export type SignMode = "save" | "sign-in" | "sign-up";

type Props = {
  /** `save`: something waits to be saved. */
  mode: SignMode | null;
  onMode: (mode: SignMode) => void;
  onClose: () => void;
  onSignedIn: () => void;
  /** What waits to be saved. */
  waiting?: ReactNode;
  /** Whether one was signed in and is not any more. */
  again?: boolean;
};

/** One sheet over the page one was on: e-mail and password, for new and for known people. */
export function SignSheet({ mode, onClose, ...form }: Props) {
  const { t } = useLingui();
  const titles: Record<SignMode, string> = {
    save: t`Save this code`,
    "sign-in": t`Sign in`,
    "sign-up": t`Make a free account`,
  };
  return (
    <Sheet opened={mode !== null} onClose={onClose} title={titles[mode ?? "save"]} width={440}>
      {mode ? <SignForm mode={mode} {...form} /> : null}
    </Sheet>
  );
}

type FormProps = Omit<Props, "mode" | "onClose"> & { mode: SignMode };

function SignForm({ mode, onMode, onSignedIn, waiting, again }: FormProps) {
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
      {again && mode === "sign-in" ? (
        <p className="tip tip-warn" role="status">
          <Icon of={IconClock} />
          <Trans>You were signed out: your session has ended. Sign in to go on where you were.</Trans>
        </p>
      ) : null}
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
        description={
          mode === "sign-in"
            ? undefined
            : t`New here? Choose one with at least ${SHORTEST_PASSWORD} characters.`
        }
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
