import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, body } from "@/lib/api/client";

/** How much room there is for files, and how much of it is taken. */
export const roomQuery = queryOptions({
  queryKey: ["files", "room"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/files/room", { signal })),
});

const at = (id: string) => ({ path: { file_id: id } });

/** Describing a file, deleting it, and bringing it back. */
export function useFileChanges() {
  const client = useQueryClient();
  const settled = { onSettled: () => client.invalidateQueries({ queryKey: ["files"] }) };
  return {
    describe: useMutation({
      mutationFn: ({ id, ...change }: { id: string; name: string; alt: string | null }) =>
        body(api.PATCH("/api/v1/files/{file_id}", { params: at(id), body: change })),
      ...settled,
    }),
    /** `force`: also when something uses it; `forever`: nothing brings it back. */
    remove: useMutation({
      mutationFn: ({ id, ...how }: { id: string; force?: boolean; forever?: boolean }) =>
        body(api.DELETE("/api/v1/files/{file_id}", { params: { ...at(id), query: how } })),
      ...settled,
    }),
    restore: useMutation({
      mutationFn: (id: string) => body(api.POST("/api/v1/files/{file_id}/restore", { params: at(id) })),
      ...settled,
    }),
  };
}
