import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, body } from "@/lib/api/client";
import type { components } from "@/lib/api/schema";

type Schemas = components["schemas"];
export type Health = Schemas["Health"];
export type ProcessReport = Schemas["ProcessReport"];
export type Letter = Schemas["DeadLetter"];
export type Mail = Schemas["WaitingMail"];
export type Room = Schemas["Room"];

/** Milliseconds between two looks; the browser does not look while the page is hidden. */
const LIVE = 5_000;

export const healthQuery = queryOptions({
  queryKey: ["operator", "health"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/operator/health", { signal })),
  refetchInterval: LIVE,
  staleTime: 0,
  retry: false,
});

export const lettersQuery = infiniteQueryOptions({
  queryKey: ["operator", "letters"],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam, signal }) =>
    body(
      api.GET("/api/v1/dead-letters", {
        signal,
        params: { query: { limit: 10, ...(pageParam ? { cursor: pageParam } : {}) } },
      }),
    ),
  getNextPageParam: (page) => page.next_cursor ?? undefined,
  refetchInterval: 2 * LIVE,
});

export const mailsQuery = infiniteQueryOptions({
  queryKey: ["operator", "mails"],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam, signal }) =>
    body(
      api.GET("/api/v1/operator/mails", {
        signal,
        params: { query: { limit: 5, ...(pageParam ? { cursor: pageParam } : {}) } },
      }),
    ),
  getNextPageParam: (page) => page.next_cursor ?? undefined,
  refetchInterval: 2 * LIVE,
});

export const mailQuery = (id: string) =>
  queryOptions({
    queryKey: ["operator", "mail", id],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/operator/mails/{mail_id}", { signal, params: { path: { mail_id: id } } })),
    gcTime: 0,
  });

export const roomQuery = queryOptions({
  queryKey: ["operator", "storage"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/operator/storage", { signal })),
  staleTime: 60_000,
});

export const settingsQuery = queryOptions({
  queryKey: ["operator", "settings"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/operator/settings", { signal })),
  staleTime: Infinity,
});

/** What changes what waits is followed by a new look at everything that waits. */
function useLookAgain() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      [healthQuery.queryKey, lettersQuery.queryKey, mailsQuery.queryKey].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
}

export function useReplay() {
  const onSettled = useLookAgain();
  return useMutation({
    mutationFn: ({ id, payload }: { id: string; payload?: unknown }) =>
      body(
        api.POST("/api/v1/dead-letters/{letter_id}/replay", {
          params: { path: { letter_id: id } },
          body: payload === undefined ? {} : { payload },
        }),
      ),
    onSettled,
  });
}

export function useReplayOpen() {
  const onSettled = useLookAgain();
  return useMutation({
    mutationFn: () => body(api.POST("/api/v1/dead-letters/replay", { body: {} })),
    onSettled,
  });
}

export function useDiscard() {
  const onSettled = useLookAgain();
  return useMutation({
    mutationFn: (id: string) =>
      body(api.POST("/api/v1/dead-letters/{letter_id}/discard", { params: { path: { letter_id: id } } })),
    onSettled,
  });
}

export function useResend() {
  const onSettled = useLookAgain();
  return useMutation({
    mutationFn: (id: string) =>
      body(api.POST("/api/v1/operator/mails/{mail_id}/resend", { params: { path: { mail_id: id } } })),
    onSettled,
  });
}
