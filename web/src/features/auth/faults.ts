import { useLingui } from "@lingui/react/macro";

import { ApiProblem, isProblem, NetworkProblem } from "@/lib/api/problem";
import { formatDate } from "@/lib/format";

import type { SignMode } from "./sign-sheet";

type FaultWords = { email?: string | undefined; password?: string | undefined; form?: string | undefined };

/** What went wrong while signing in or up, in words that never tell who has an account. */
export function useFaultWords(error: unknown, mode: SignMode): FaultWords {
  const { t } = useLingui();
  const common = useCommonWords();
  if (!error) return {};
  if (isProblem(error, "wrong_credentials", 401)) {
    return { form: t`E-mail and password don’t belong together. Capitals count.` };
  }
  if (isProblem(error, "sign_up_refused", 409)) {
    return {
      form: t`That did not work with this e-mail and password. If you were here before, use the password of then, or ask for a new one.`,
    };
  }
  if (isProblem(error, 422)) {
    const email = error.fault("email");
    const password =
      error.fault("password") ??
      (isWeak(error)
        ? t`This password is easy to guess. Make it longer, for example three words.`
        : undefined);
    return email || password
      ? { email: email && t`This is no e-mail address. It looks like name@example.com.`, password }
      : { form: mode === "sign-in" ? t`Write your e-mail and your password.` : error.message };
  }
  return { form: common(error) };
}

export function isWeak(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === "password_too_weak";
}

/** Words for what can happen to every request. */
export function useCommonWords(): (error: unknown) => string {
  const { t } = useLingui();
  return (error) => {
    if (error instanceof NetworkProblem) return t`No network. Nothing is lost: try again when it is back.`;
    if (isProblem(error, 429)) {
      const until = new Date(Date.now() + (error.retryAfter ?? 60) * 1000);
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const time = formatDate(until, zone, { hour: "numeric", minute: "2-digit" });
      return t`Too many tries. Your codes go on working; try again at ${time}.`;
    }
    return error instanceof ApiProblem ? error.message : t`That did not work. Try again.`;
  };
}
