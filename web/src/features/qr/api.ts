import {
  type InfiniteData,
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";

import { api, body, idempotencyKey } from "@/lib/api/client";
import type { Code, CodeKind, CodePatch, CodeStatus, SentContent } from "@/lib/api/types";

import type { Draft } from "./preview";

export type CodeSort = "-created_at" | "created_at" | "name" | "-updated_at";
export type CodeFilter = {
  q?: string;
  sort?: CodeSort;
  status?: CodeStatus;
  folder?: string;
  tag?: string[];
  kind?: CodeKind;
  content_type?: string;
};

/** Which codes, without their order, as the API has it. */
export const fitting = ({ q, status, folder, tag, kind, content_type: type }: CodeFilter) => ({
  ...(q ? { q } : {}),
  ...(tag ? { tag } : {}),
  ...(kind ? { kind } : {}),
  ...(type ? { content_type: type } : {}),
  status: status ? [status] : null,
  folder: folder ? [folder] : null,
});

const asked = (filter: CodeFilter, limit: number, cursor: string | null | undefined) => ({
  ...fitting(filter),
  ...(filter.sort ? { sort: filter.sort } : {}),
  limit,
  ...(cursor ? { cursor } : {}),
});

type CodePage = { data: Code[]; next_cursor?: string | null };

export const codesQuery = (filter: CodeFilter, limit = 25) =>
  infiniteQueryOptions({
    queryKey: ["codes", "list", filter, limit],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      body(
        api.GET("/api/v1/qr-codes", {
          signal,
          params: { query: asked(filter, limit, pageParam) },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** As many codes as can be chosen at once: more would fill a phone's memory. */
export const MOST_CHOSEN = 10_000;

/** Every code that fits, page by page; no more than `most`. */
export async function allCodes(filter: CodeFilter, most = Infinity): Promise<Code[]> {
  const found: Code[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await body(api.GET("/api/v1/qr-codes", { params: { query: asked(filter, 100, cursor) } }));
    found.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor && found.length < most);
  return found.slice(0, most);
}

export const everyCodeQuery = (filter: CodeFilter) =>
  queryOptions({ queryKey: ["codes", "every", filter], queryFn: () => allCodes(filter, MOST_CHOSEN) });

export const codeQuery = (id: string) =>
  queryOptions({
    queryKey: ["codes", "one", id],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/qr-codes/{code_id}", { signal, params: { path: { code_id: id } } })),
  });

export const contentTypesQuery = queryOptions({
  queryKey: ["qr-content-types"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/qr-content-types", { signal })),
  staleTime: Infinity,
});

export const designOptionsQuery = queryOptions({
  queryKey: ["qr-design-options"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/qr-design-options", { signal })),
  staleTime: Infinity,
});

/** How many codes there are in each state. */
export const countQuery = queryOptions({
  queryKey: ["codes", "count"],
  queryFn: ({ signal }) =>
    body(
      api.GET("/api/v1/qr-codes/count", {
        signal,
        params: { query: { group_by: "status", status: STATES } },
      }),
    ),
});

const STATES: CodeStatus[] = ["active", "paused", "ended", "archived", "deleted"];

/** Makes a code. The key is that of the attempt, so that a double click or a repeat makes one code only. */
export function createCode(
  draft: Draft & { allow_unreadable?: boolean },
  key = idempotencyKey(),
): Promise<Code> {
  return body(
    api.POST("/api/v1/qr-codes", {
      body: { ...draft, content: draft.content as SentContent },
      params: { header: { "idempotency-key": key } },
    }),
  );
}

const at = (id: string) => ({ params: { path: { code_id: id } } });

const calls = {
  pause: (id: string) => body(api.POST("/api/v1/qr-codes/{code_id}/pause", at(id))),
  resume: (id: string) => body(api.POST("/api/v1/qr-codes/{code_id}/resume", at(id))),
  archive: (id: string) => body(api.POST("/api/v1/qr-codes/{code_id}/archive", at(id))),
  restore: (id: string) => body(api.POST("/api/v1/qr-codes/{code_id}/restore", at(id))),
};

export type StateChange = keyof typeof calls;
const STATUS_AFTER: Record<StateChange, CodeStatus> = {
  pause: "paused",
  resume: "active",
  archive: "archived",
  restore: "active",
};

/** Writes a code into everything that shows it. */
function useCodeCache() {
  const client = useQueryClient();
  return {
    client,
    write(id: string, change: Partial<Code>) {
      client.setQueryData(codeQuery(id).queryKey, (code) => code && { ...code, ...change });
      client.setQueriesData<InfiniteData<CodePage>>({ queryKey: ["codes", "list"] }, (list) =>
        list?.pages
          ? {
              ...list,
              pages: list.pages.map((page) => ({
                ...page,
                data: page.data.map((code) => (code.id === id ? { ...code, ...change } : code)),
              })),
            }
          : list,
      );
    },
    refresh: () => client.invalidateQueries({ queryKey: ["codes"] }),
  };
}

/** Changes name, content or look of the `version` one has seen; the server refuses when there is a newer one. */
export function usePatchCode(id: string) {
  const cache = useCodeCache();
  return useMutation({
    mutationFn: ({ change, version }: { change: CodePatch; version: number }) =>
      body(
        api.PATCH("/api/v1/qr-codes/{code_id}", {
          params: { ...at(id).params, header: { "if-match": `"${version}"` } },
          body: change,
        }),
      ),
    onSuccess: (code) => cache.write(id, code),
    onSettled: cache.refresh,
  });
}

/** Pauses, resumes, puts away or takes back; shown at once, taken back if the server says no. */
export function useChangeState() {
  const cache = useCodeCache();
  return useMutation({
    mutationFn: ({ code, change }: { code: Code; change: StateChange }) => calls[change](code.id),
    onMutate: ({ code, change }) => cache.write(code.id, { status: STATUS_AFTER[change] }),
    onError: (_error, { code }) => cache.write(code.id, { status: code.status }),
    onSuccess: (answer, { code }) => cache.write(code.id, answer),
    onSettled: cache.refresh,
  });
}

/** Deletes a code; for 30 days it can be restored. */
export function useDeleteCode() {
  const cache = useCodeCache();
  return useMutation({
    mutationFn: ({ id }: Code) => body(api.DELETE("/api/v1/qr-codes/{code_id}", at(id))),
    onSuccess: (_nothing, { id }) => cache.client.removeQueries({ queryKey: codeQuery(id).queryKey }),
    onSettled: cache.refresh,
  });
}

export function useDuplicateCode() {
  const cache = useCodeCache();
  return useMutation({
    mutationFn: (id: string) =>
      body(
        api.POST("/api/v1/qr-codes/{code_id}/duplicate", {
          params: { ...at(id).params, header: { "idempotency-key": idempotencyKey() } },
        }),
      ),
    onSuccess: cache.refresh,
  });
}

export type ImageSize = { size: number; unit: "px" | "mm"; dpi?: number };

/** The file for phone and web that one tap fetches. */
export const QUICK_PNG: ImageSize = { size: 1200, unit: "px" };

/** The address of a code's picture; the server puts a version into it, so that it changes with the code. */
export function imageUrl(code: Code, format: "svg" | "png", size?: ImageSize): string {
  const measures = Object.entries(size ?? {}).map(([name, value]) => [name, String(value)]);
  return [code.images[format], String(new URLSearchParams(measures))].filter(Boolean).join("&");
}
