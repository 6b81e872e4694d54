import type { QueryClient } from "@tanstack/react-query";
import {
  createBrowserHistory,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";

import { isProblem } from "@/lib/api/problem";
import { insideOnly } from "@/lib/inside";
import { forgetSession, mayBeSignedIn, meQuery } from "@/lib/session";

import { codesSearch } from "./codes-address";
import { NotFound } from "./not-found";
import { RouteFailure } from "./route-failure";

type Context = { client: QueryClient };
type Search = Record<string, unknown>;

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

const root = createRootRouteWithContext<Context>()({ component: Outlet });

/** `again`: somebody was signed in and is not any more. */
export type FirstSearch = { sign?: "in" | "again"; next?: string };

const first = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: (search: Search): FirstSearch => {
    const sign = (["in", "again"] as const).find((known) => known === search["sign"]);
    const next = insideOnly(search["next"]);
    return { ...(sign ? { sign } : {}), ...(next ? { next } : {}) };
  },
  beforeLoad: async ({ context: { client } }) => {
    if (!mayBeSignedIn()) return;
    try {
      await client.query({ ...meQuery, staleTime: "static" });
    } catch (error) {
      if (isProblem(error, 401)) forgetSession(client);
      return;
    }
    throw redirect({ to: "/app" });
  },
  component: lazyRouteComponent(() => import("./first"), "FirstPage"),
});

const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  beforeLoad: async ({ context: { client }, location }) => {
    try {
      await client.query({ ...meQuery, staleTime: "static" });
    } catch (error) {
      if (!isProblem(error, 401)) throw error;
      const sign = mayBeSignedIn() ? "again" : "in";
      forgetSession(client);
      throw redirect({ to: "/", search: { sign, next: location.href } });
    }
  },
  component: lazyRouteComponent(() => import("./shell"), "Inside"),
});

const shell = createRoute({
  getParentRoute: () => inside,
  id: "shell",
  component: lazyRouteComponent(() => import("./shell"), "Shell"),
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/app",
  component: lazyRouteComponent(() => import("./home"), "HomePage"),
});

const codes = createRoute({
  getParentRoute: () => shell,
  path: "/app/codes",
  validateSearch: codesSearch,
  component: lazyRouteComponent(() => import("./codes"), "CodesPage"),
});

const many = createRoute({
  getParentRoute: () => shell,
  path: "/app/codes/many",
  validateSearch: (search: Search): { sheet?: string } => {
    const sheet = text(search["sheet"]);
    return sheet ? { sheet } : {};
  },
  component: lazyRouteComponent(() => import("./codes-many"), "ManyPage"),
});

export type CodeSearch = {
  range?: "today" | "7" | "30" | "own";
  from?: string;
  to?: string;
  fresh?: boolean;
};

const code = createRoute({
  getParentRoute: () => shell,
  path: "/app/codes/$codeId",
  validateSearch: (search: Search): CodeSearch => {
    const range = (["today", "7", "30", "own"] as const).find((known) => known === String(search["range"]));
    const from = text(search["from"]);
    const to = text(search["to"]);
    return {
      ...(range ? { range } : {}),
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      ...(search["fresh"] === true ? { fresh: true } : {}),
    };
  },
  component: lazyRouteComponent(() => import("./code"), "CodePage"),
});

export type StudioSearch = { step?: "content" | "look" | "download"; fresh?: boolean };

const look = createRoute({
  getParentRoute: () => inside,
  path: "/app/codes/$codeId/edit",
  validateSearch: (search: Search): StudioSearch => {
    const step = (["content", "look", "download"] as const).find((known) => known === search["step"]);
    return { ...(step ? { step } : {}), ...(search["fresh"] === true ? { fresh: true } : {}) };
  },
  component: lazyRouteComponent(() => import("./edit-code"), "EditCodePage"),
});

const fresh = createRoute({
  getParentRoute: () => inside,
  path: "/app/new",
  component: lazyRouteComponent(() => import("./new-code"), "NewCodePage"),
});

const more = createRoute({
  getParentRoute: () => shell,
  path: "/app/more",
  component: lazyRouteComponent(() => import("./more"), "MorePage"),
});

const looks = createRoute({
  getParentRoute: () => shell,
  path: "/app/looks",
  component: lazyRouteComponent(() => import("./looks"), "LooksPage"),
});

const files = createRoute({
  getParentRoute: () => shell,
  path: "/app/files",
  component: lazyRouteComponent(() => import("./files"), "FilesPage"),
});

const server = createRoute({
  getParentRoute: () => shell,
  path: "/app/server",
  component: lazyRouteComponent(() => import("./server"), "ServerPage"),
});

const tokenSearch = (search: Search): { token?: string } => {
  const token = text(search["token"]);
  return token ? { token } : {};
};

const operator = createRoute({
  getParentRoute: () => inside,
  path: "/app/operator",
  validateSearch: tokenSearch,
  component: lazyRouteComponent(() => import("./operator"), "OperatorPage"),
});

const confirm = createRoute({
  getParentRoute: () => root,
  path: "/app/confirm",
  validateSearch: tokenSearch,
  component: lazyRouteComponent(() => import("./confirm"), "ConfirmPage"),
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: "/app/forgot",
  component: lazyRouteComponent(() => import("./forgot"), "ForgotPage"),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/app/reset",
  validateSearch: tokenSearch,
  component: lazyRouteComponent(() => import("./reset"), "ResetPage"),
});

const tree = root.addChildren([
  first,
  inside.addChildren([
    shell.addChildren([home, codes, many, code, more, looks, files, server]),
    look,
    fresh,
    operator,
  ]),
  confirm,
  forgot,
  reset,
]);

export function createAppRouter(client: QueryClient, history = createBrowserHistory()) {
  return createRouter({
    routeTree: tree,
    history,
    context: { client },
    defaultPreload: "intent",
    scrollRestoration: true,
    notFoundMode: "root",
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: RouteFailure,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
