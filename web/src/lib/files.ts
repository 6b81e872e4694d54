import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api, body } from "./api/client";
import type { StoredFile } from "./api/types";

export type FileKind = "picture" | "pdf";

/** What the picker of a phone or a desktop offers. Naming JPEG lets an iPhone hand over its photos as such. */
const ACCEPTED: Record<FileKind, string> = {
  picture: "image/jpeg,image/png,image/webp,image/gif,image/avif,image/svg+xml",
  pdf: "application/pdf",
};

export function accepted(kind?: FileKind): string {
  return kind ? ACCEPTED[kind] : `${ACCEPTED.pdf},${ACCEPTED.picture}`;
}

export const fileQuery = (id: string) =>
  queryOptions({
    queryKey: ["files", "one", id],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/files/{file_id}", { signal, params: { path: { file_id: id } } })),
  });

/** Files that were uploaded before, or those in the trash, newest first. */
export const filesQuery = (question: string, kind?: FileKind, deleted = false) =>
  infiniteQueryOptions({
    queryKey: ["files", "list", question, kind, deleted],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      body(
        api.GET("/api/v1/files", {
          signal,
          params: {
            query: {
              limit: 24,
              deleted,
              ...(question ? { q: question } : {}),
              ...(kind ? { kind } : {}),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** The address of a small picture of a file; nothing for a PDF. A drawing is small by itself. */
export function thumbnail(file: StoredFile): string | undefined {
  if (file.media_type === "application/pdf") return undefined;
  return file.media_type === "image/svg+xml" ? file.content_url : `${file.content_url}&w=160&format=webp`;
}
