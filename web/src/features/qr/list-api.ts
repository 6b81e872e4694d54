import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, body, idempotencyKey } from "@/lib/api/client";
import { downloadBlob } from "@/lib/download";
import type { components } from "@/lib/api/schema";

type Schemas = components["schemas"];
export type Folder = Schemas["FolderBody"];
export type BulkRequest = Schemas["Bulk"];
export type ExportRequest = Schemas["Export"];

export const foldersQuery = queryOptions({
  queryKey: ["codes", "folders"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/folders", { signal })),
  select: (page) => page.data,
});

export const tagsQuery = queryOptions({
  queryKey: ["codes", "tags"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/tags", { signal })),
  select: (page) => page.data,
});

/** One action on many codes; the answer tells of each. */
export function useBulk() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: BulkRequest) =>
      body(
        api.POST("/api/v1/qr-codes/bulk", {
          body: request,
          params: { header: { "idempotency-key": idempotencyKey() } },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["codes"] }),
  });
}

type FolderChange = { make: string } | { rename: string; name: string } | { remove: string };

/** Makes, renames or deletes a folder; its codes stay. */
export function useFolderChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: FolderChange): Promise<Folder | undefined> => {
      if ("make" in change) {
        return body(
          api.POST("/api/v1/folders", {
            body: { name: change.make },
            params: { header: { "idempotency-key": idempotencyKey() } },
          }),
        );
      }
      if ("rename" in change) {
        const params = { path: { folder_id: change.rename } };
        return body(api.PATCH("/api/v1/folders/{folder_id}", { params, body: { name: change.name } }));
      }
      return body(
        api.DELETE("/api/v1/folders/{folder_id}", { params: { path: { folder_id: change.remove } } }),
      );
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["codes"] }),
  });
}

/** Removes a code from the trash; nothing brings it back. */
export function useRemoveForGood() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      body(
        api.DELETE("/api/v1/qr-codes/{code_id}", {
          params: { path: { code_id: id }, query: { for_good: true } },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["codes"] }),
  });
}

/** Fetches many codes as one file and hands it to the browser's downloads. */
export function useExport() {
  return useMutation({
    mutationFn: async (request: ExportRequest) => {
      const file = await body(api.POST("/api/v1/qr-codes/export", { body: request, parseAs: "blob" }));
      downloadBlob(file, `codes.${request.as ?? "zip"}`);
    },
  });
}
