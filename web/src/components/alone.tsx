import type { ReactNode } from "react";

import { chooseLocale } from "@/lib/i18n";

import { LanguageSwitch } from "./language-switch";
import { Logo } from "./logo";
import { usePageTitle } from "./page";

/** A page of its own with one thing to do: behind a link from a mail. */
export function Alone({ title, children }: { title: string; children: ReactNode }) {
  usePageTitle(title);
  return (
    <>
      <header className="site">
        <Logo to="/" />
        <span className="grow" />
        <LanguageSwitch onChoose={(locale) => void chooseLocale(locale)} />
      </header>
      <main className="alone" id="main" tabIndex={-1}>
        <section className="card stack">
          <h1>{title}</h1>
          {children}
        </section>
      </main>
    </>
  );
}
