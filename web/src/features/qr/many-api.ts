import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, body, idempotencyKey } from "@/lib/api/client";
import type { components } from "@/lib/api/schema";

type Schemas = components["schemas"];
export type Import = Schemas["ImportBody"];
export type ImportLine = Schemas["LineBody"];
export type ImportPlan = Schemas["ImportPlan"];
export type LineState = ImportLine["state"];

const BUSY = new Set(["running", "undoing"]);
const key = (id: string) => ["imports", id];
const path = (id: string) => ({ path: { import_id: id } });

/** A sheet on its way; asked again each second while its codes are made. */
export const importQuery = (id: string) =>
  queryOptions({
    queryKey: key(id),
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/qr-codes/imports/{import_id}", { signal, params: path(id) })),
    refetchInterval: ({ state }) => (state.data && BUSY.has(state.data.state) ? 1000 : false),
  });

export const linesQuery = (id: string, state: LineState[], limit = 50) =>
  queryOptions({
    queryKey: [...key(id), "lines", state, limit],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/qr-codes/imports/{import_id}/lines", {
          signal,
          params: { ...path(id), query: { state, limit } },
        }),
      ),
    select: (page) => page.data,
  });

/** The newest sheet that is not done with, so that one can go on after having left the page. */
export const openImportsQuery = queryOptions({
  queryKey: ["imports"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/qr-codes/imports", { signal })),
  select: (page) => page.data,
});

export function useUpload() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (sheet: { file: File; header?: boolean }) =>
      body(
        api.POST("/api/v1/qr-codes/import", {
          body: { file: "" },
          bodySerializer: () => {
            const form = new FormData();
            form.append("file", sheet.file);
            return form;
          },
          params: {
            header: { "idempotency-key": idempotencyKey() },
            query: sheet.header === undefined ? {} : { header: sheet.header },
          },
        }),
      ),
    onSuccess: (made) => client.setQueryData(key(made.id), made),
  });
}

export function useImportPlan(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (plan: ImportPlan) =>
      body(api.PATCH("/api/v1/qr-codes/imports/{import_id}", { params: path(id), body: plan })),
    onSuccess: (made) => {
      client.setQueryData(key(id), made);
      return client.invalidateQueries({ queryKey: [...key(id), "lines"] });
    },
  });
}

export function useMend(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ number, column, text }: { number: number; column: number; text: string }) =>
      body(
        api.PATCH("/api/v1/qr-codes/imports/{import_id}/lines/{number}", {
          params: { path: { import_id: id, number } },
          body: { cells: { [column]: text } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: key(id) }),
  });
}

export type Turn = "start" | "pause" | "resume" | "cancel" | "undo";

/** Starts, pauses, goes on, stops, or takes back. */
export function useTurn(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (turn: Turn) => {
      const params = { params: path(id) };
      switch (turn) {
        case "start":
          return body(api.POST("/api/v1/qr-codes/imports/{import_id}/start", params));
        case "pause":
          return body(api.POST("/api/v1/qr-codes/imports/{import_id}/pause", params));
        case "resume":
          return body(api.POST("/api/v1/qr-codes/imports/{import_id}/resume", params));
        case "cancel":
          return body(api.POST("/api/v1/qr-codes/imports/{import_id}/cancel", params));
        case "undo":
          return body(api.POST("/api/v1/qr-codes/imports/{import_id}/undo", params));
      }
    },
    onSuccess: async (now) => {
      client.setQueryData(key(id), now);
      await client.invalidateQueries({ queryKey: ["codes"] });
    },
  });
}

/** The address of the lines as a sheet, with reasons and short addresses. */
export function sheetUrl(
  id: string,
  as: "csv" | "xlsx",
  states: LineState[],
  workspace: Record<string, string>,
) {
  const query = new URLSearchParams({ as, ...workspace });
  for (const state of states) query.append("state", state);
  return `/api/v1/qr-codes/imports/${id}/sheet?${query}`;
}

/** The address of a sheet to begin with, in the reader's language. */
export function sampleUrl(type: string, language: "en" | "hi", as: "csv" | "xlsx") {
  return `/api/v1/qr-content-types/${type}/sheet?${new URLSearchParams({ language, as })}`;
}
