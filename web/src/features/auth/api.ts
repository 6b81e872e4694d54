import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, body } from "@/lib/api/client";
import { currentLocale } from "@/lib/i18n";
import { forgetSession, meQuery } from "@/lib/session";

export type Credentials = { email: string; password: string };

function deviceTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "Asia/Kolkata";
}

/** Signs up; a known address with its right password signs in. Both end with a session cookie. */
export function useSignUp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (credentials: Credentials) => {
      await body(
        api.POST("/api/v1/auth/sign-up", {
          body: { ...credentials, locale: currentLocale(), time_zone: deviceTimeZone() },
        }),
      );
      return client.query({ ...meQuery, staleTime: 0 });
    },
  });
}

export function useLogIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (credentials: Credentials) => {
      await body(api.POST("/api/v1/auth/log-in", { body: credentials }));
      return client.query({ ...meQuery, staleTime: 0 });
    },
  });
}

export function useLogOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => body(api.POST("/api/v1/auth/log-out")),
    onSuccess: () => forgetSession(client),
  });
}

export function useConfirmEmail() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => body(api.POST("/api/v1/auth/email/confirm", { body: { token } })),
    onSuccess: () => client.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}

export function useResendConfirmation() {
  return useMutation({ mutationFn: () => body(api.POST("/api/v1/auth/email/resend")) });
}

export function useClaimOperator() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => body(api.POST("/api/v1/auth/operator/claim", { body: { token } })),
    onSuccess: () => client.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}

export function useForgotPassword() {
  return useMutation({
    mutationFn: (email: string) => body(api.POST("/api/v1/auth/password/forgot", { body: { email } })),
  });
}

export function useResetPassword() {
  return useMutation({
    mutationFn: (reset: { token: string; password: string }) =>
      body(api.POST("/api/v1/auth/password/reset", { body: reset })),
  });
}

/** Changes name or language; shown at once, taken back if the server says no. */
export function usePatchMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (patch: { name?: string; locale?: string }) => body(api.PATCH("/api/v1/me", { body: patch })),
    onMutate: (patch) => {
      const before = client.getQueryData(meQuery.queryKey);
      client.setQueryData(meQuery.queryKey, (me) => me && { ...me, user: { ...me.user, ...patch } });
      return { before };
    },
    onError: (_error, _patch, context) => client.setQueryData(meQuery.queryKey, context?.before),
    onSuccess: (me) => client.setQueryData(meQuery.queryKey, me),
  });
}

export function usePatchWorkspace(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (patch: { name?: string; time_zone?: string }) =>
      body(
        api.PATCH("/api/v1/workspaces/{workspace_id}", {
          body: patch,
          params: { path: { workspace_id: id } },
        }),
      ),
    onSuccess: () => client.invalidateQueries(),
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { current_password: string; new_password: string }) =>
      body(api.POST("/api/v1/me/password", { body: change })),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}

export const sessionsQuery = queryOptions({
  queryKey: ["me", "sessions"],
  queryFn: async ({ signal }) => (await body(api.GET("/api/v1/me/sessions", { signal }))).data,
});

export function useEndSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      body(api.DELETE("/api/v1/me/sessions/{session_id}", { params: { path: { session_id: id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}

/** Ends every session but this one. */
export function useEndOtherSessions() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => body(api.DELETE("/api/v1/me/sessions")),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}
