import { queryOptions, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";

import { api, body, chooseWorkspace } from "./api/client";
import { isProblem } from "./api/problem";
import type { Me, Workspace } from "./api/types";
import { remember, remembered } from "./memory";

/** Who is signed in. Everything else about the account hangs on it. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    const me = await body(api.GET("/api/v1/me", { signal }));
    admit(me);
    return me;
  },
  staleTime: 5 * 60_000,
  retry: (count, error) => !isProblem(error) && count < 2,
});

/** Whether a session is worth asking for; the cookie itself cannot be seen from here. */
export function mayBeSignedIn() {
  return remembered("signed-in") === "yes";
}

export function forgetSession(client: QueryClient) {
  remember("signed-in", null);
  chooseWorkspace(undefined);
  client.clear();
}

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

export function useWorkspace(): Workspace {
  return currentWorkspace(useMe());
}

/** The workspace this device works in: the one chosen last, else the first. */
export function currentWorkspace(me: Me): Workspace {
  const chosen = me.workspaces.find(({ id }) => id === remembered("workspace"));
  const workspace = chosen ?? me.workspaces[0];
  if (!workspace) throw new Error("This account belongs to no workspace.");
  return workspace;
}

function admit(me: Me) {
  remember("signed-in", "yes");
  chooseWorkspace(me.workspaces.length > 1 ? currentWorkspace(me).id : undefined);
}
