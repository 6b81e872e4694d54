import { useLingui } from "@lingui/react/macro";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import {
  IconDotsCircleHorizontal,
  IconHeartRateMonitor,
  IconHome,
  IconPlus,
  IconQrcode,
} from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useRef } from "react";

import { Icon } from "@/components/icon";
import { LanguageSwitch } from "@/components/language-switch";
import { Logo } from "@/components/logo";
import { SkipLink } from "@/components/skip-link";
import { OfflineLine } from "@/components/states";
import { initialsOf } from "@/features/auth/initials";
import { useLanguage } from "@/features/auth/language";
import { useMe, useWorkspace } from "@/lib/session";

/** Fetched after the page it lies over: what it is told before then it shows as soon as it is there. */
const Notifications = lazy(async () => {
  await new Promise((later) => setTimeout(later, 1_000));
  return { default: (await import("@mantine/notifications")).Notifications };
});

/** What surrounds the pages of signed-in people: tabs on a phone, a side bar on a desktop. */
export function Shell() {
  useFocusOnPage();
  useEffect(fetchOtherPages, []);
  return (
    <>
      <SkipLink />
      <div className="app">
        <Side />
        <div className="col">
          <OfflineLine />
          <Outlet />
        </div>
        <Tabs />
      </div>
    </>
  );
}

/** Fetches the code of the other pages when there is time, so that they open also without network. */
function fetchOtherPages() {
  const timer = setTimeout(() => {
    void Promise.allSettled([
      import("./home"),
      import("./codes"),
      import("./code"),
      import("./new-code"),
      import("./edit-code"),
      import("./more"),
    ]);
  }, 2_000);
  return () => clearTimeout(timer);
}

/** Everything behind the sign-in, with or without the shell. */
export function Inside() {
  return (
    <>
      <Outlet />
      <Suspense>
        <Notifications position="bottom-center" limit={4} />
      </Suspense>
    </>
  );
}

function useEntries() {
  const { t } = useLingui();
  return [
    { to: "/app", icon: IconHome, label: t`Home`, exact: true },
    { to: "/app/codes", icon: IconQrcode, label: t`Codes`, exact: false },
    { to: "/app/more", icon: IconDotsCircleHorizontal, label: t`More`, exact: false },
  ] as const;
}

function Side() {
  const { t } = useLingui();
  const { user } = useMe();
  const workspace = useWorkspace();
  const choose = useLanguage();
  const name = user.name || user.email;
  return (
    <aside className="side" aria-label="Scanly">
      <Logo to="/app" />
      <p className="place">
        <span className="grow truncate">{workspace.name}</span>
      </p>
      <nav aria-label={t`Main`}>
        <ul className="stack">
          {useEntries().map(({ to, icon, label, exact }) => (
            <li key={to}>
              <Link to={to} activeOptions={{ exact }}>
                <Icon of={icon} /> {label}
              </Link>
            </li>
          ))}
          {user.is_operator ? (
            <li>
              <Link to="/app/server">
                <Icon of={IconHeartRateMonitor} /> {t`This server`}
              </Link>
            </li>
          ) : null}
        </ul>
      </nav>
      <div className="foot stack">
        <LanguageSwitch onChoose={choose} />
        <Link to="/app/more" className="me">
          <span className="avatar avatar-s" aria-hidden="true">
            {initialsOf(name)}
          </span>
          <span className="truncate">{name}</span>
        </Link>
      </div>
    </aside>
  );
}

function Tabs() {
  const { t } = useLingui();
  const [home, codes, more] = useEntries();
  return (
    <nav className="tabs" aria-label={t`Main`}>
      {[home, codes].map(({ to, icon, label, exact }) => (
        <Link key={to} to={to} activeOptions={{ exact }}>
          <Icon of={icon} /> {label}
        </Link>
      ))}
      <Link className="new" to="/app/new">
        <Icon of={IconPlus} /> {t`New code`}
      </Link>
      <Link to={more.to}>
        <Icon of={more.icon} /> {more.label}
      </Link>
    </nav>
  );
}

/** After going to another page the focus is at its beginning, so that screen readers read it. */
function useFocusOnPage() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else document.getElementById("main")?.focus({ preventScroll: true });
  }, [path]);
}
