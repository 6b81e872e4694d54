import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";

import { Icon } from "./icon";

/** Names the page for the tab, the history and screen readers. */
export function usePageTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Scanly`;
  }, [title]);
}

type Props = {
  title: string;
  back?: { to: "/app" | "/app/codes" | "/app/more"; label: string };
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
};

/** A page inside the shell: its head and its main part. */
export function Page({ title, back, lead, actions, children }: Props) {
  usePageTitle(title);
  return (
    <>
      <header className="top">
        {back ? (
          <>
            <Link to={back.to} className="backlink only-mob" aria-label={back.label}>
              <Icon of={IconArrowLeft} turns />
            </Link>
            <Link to={back.to} className="crumb only-desk">
              {back.label}
            </Link>
            <span className="crumb only-desk" aria-hidden="true">
              /
            </span>
          </>
        ) : null}
        {lead}
        <h1 className="grow truncate" dir="auto" title={title}>
          {title}
        </h1>
        {actions}
      </header>
      <main className="main" id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
