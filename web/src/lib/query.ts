import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

import { isProblem, NetworkProblem } from "./api/problem";
import { forgetSession, mayBeSignedIn } from "./session";

/** Server state. A session that ended on the server ends here too: `onSignedOut` takes people to the first page. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: Error) => {
    if (!isProblem(error, "unauthenticated") || !mayBeSignedIn()) return;
    forgetSession(client);
    onSignedOut();
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        // Without network a request fails at once and the page says so, in place of waiting in silence.
        networkMode: "always",
        refetchOnReconnect: true,
        retry: (count, error) =>
          count < 2 &&
          (isProblem(error) ? error.status >= 500 : navigator.onLine || !(error instanceof NetworkProblem)),
        retryDelay: (count, error) =>
          (isProblem(error) ? (error.retryAfter ?? 2 ** count) : 2 ** count) * 1000,
      },
      mutations: { networkMode: "always" },
    },
  });
  return client;
}
