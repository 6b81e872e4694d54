import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";

import { LanguageSwitch } from "@/components/language-switch";
import { Logo } from "@/components/logo";
import { usePageTitle } from "@/components/page";
import { SkipLink } from "@/components/skip-link";
import { OfflineLine } from "@/components/states";
import type { SignMode } from "@/features/auth/sign-sheet";
import { createCode } from "@/features/qr/api";
import { dropDraft } from "@/features/qr/draft";
import { MakeCode } from "@/features/qr/make/make-code";
import { WaitingDraft } from "@/features/qr/make/waiting-draft";
import type { Draft } from "@/features/qr/preview";
import { chooseLocale } from "@/lib/i18n";

const route = getRouteApi("/");

/** The sheet is fetched as soon as somebody begins, so that the first page is there sooner. */
const loadSignSheet = () => import("@/features/auth/sign-sheet");
const SignSheet = lazy(async () => ({ default: (await loadSignSheet()).SignSheet }));

/** Where should your code lead? The first thing a visitor sees, and the way in. */
export function FirstPage() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { sign, next } = route.useSearch();
  const [draft, setDraft] = useState<Draft | null>(null);
  const [mode, setMode] = useState<SignMode | null>(sign ? "sign-in" : null);
  // Once opened it stays, so that closing it is seen and the focus finds back.
  const [opened, setOpened] = useState(sign !== undefined);
  usePageTitle(t`Make a code`);
  const open = (how: SignMode) => {
    setOpened(true);
    setMode(how);
  };

  const enter = async () => {
    if (!draft) return navigate({ href: next ?? "/app", replace: true });
    try {
      const code = await createCode(draft);
      dropDraft();
      await navigate({
        to: "/app/codes/$codeId",
        params: { codeId: code.id },
        search: { fresh: true },
        replace: true,
      });
    } catch {
      // The draft is kept; the page for new codes shows it again and says what is wrong.
      await navigate({ to: "/app/new", replace: true });
    }
  };

  return (
    <>
      <SkipLink />
      <OfflineLine />
      <header className="site">
        <Logo to="/" />
        <span className="grow" />
        <LanguageSwitch onChoose={(locale) => void chooseLocale(locale)} />
        <Button variant="default" size="sm" onClick={() => open("sign-in")}>
          <Trans>Sign in</Trans>
        </Button>
      </header>
      <MakeCode
        onBegin={() => void loadSignSheet()}
        onSave={(wanted) => {
          setDraft(wanted);
          open("save");
        }}
      />
      {opened ? (
        <Suspense>
          <SignSheet
            mode={mode}
            onMode={setMode}
            onClose={() => {
              setMode(null);
              setDraft(null);
            }}
            onSignedIn={() => void enter()}
            waiting={draft ? <WaitingDraft draft={draft} /> : undefined}
            again={sign === "again"}
          />
        </Suspense>
      ) : null}
    </>
  );
}
