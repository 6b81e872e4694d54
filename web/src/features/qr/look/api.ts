import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, body, idempotencyKey, workspaceQuery } from "@/lib/api/client";
import type { BrandKit, Design, SavedDesign } from "@/lib/api/types";

export const templatesQuery = queryOptions({
  queryKey: ["qr-templates"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/qr-templates", { signal })),
  staleTime: Infinity,
});

export const designsQuery = queryOptions({
  queryKey: ["looks", "designs"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/qr-designs", { signal })),
});

export const kitsQuery = queryOptions({
  queryKey: ["looks", "kits"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/brand-kits", { signal })),
});

/** The address of a kept look's picture, which changes with the look. */
export function savedPicture(where: "qr-designs" | "brand-kits", look: SavedDesign | BrandKit): string {
  const query = new URLSearchParams({ ...workspaceQuery(), v: String(look.version) });
  return `/api/v1/${where}/${look.id}/image.svg?${query}`;
}

export type NewLook = { name: string; design: Design; is_default: boolean };
export type NewKit = NewLook & Pick<BrandKit, "colors" | "locked" | "least_contrast">;

const headers = () => ({ params: { header: { "idempotency-key": idempotencyKey() } } });

/** Keeping a look under a name, or making it the brand of the workspace; forgetting either. */
export function useKeptLooks() {
  const client = useQueryClient();
  const settled = { onSettled: () => client.invalidateQueries({ queryKey: ["looks"] }) };
  return {
    keep: useMutation({
      mutationFn: (look: NewLook) => body(api.POST("/api/v1/qr-designs", { body: look, ...headers() })),
      ...settled,
    }),
    brand: useMutation({
      mutationFn: (kit: NewKit) => body(api.POST("/api/v1/brand-kits", { body: kit, ...headers() })),
      ...settled,
    }),
    change: useMutation({
      mutationFn: ({ id, ...change }: { id: string; is_default?: boolean; name?: string }) =>
        body(
          api.PATCH("/api/v1/qr-designs/{design_id}", {
            params: { path: { design_id: id } },
            body: change,
          }),
        ),
      ...settled,
    }),
    /** Changes the `version` of a brand that one has seen; the server refuses when there is a newer one. */
    rebrand: useMutation({
      mutationFn: ({ id, version, ...change }: Partial<NewKit> & { id: string; version: number }) =>
        body(
          api.PATCH("/api/v1/brand-kits/{kit_id}", {
            params: { path: { kit_id: id }, header: { "if-match": `"${version}"` } },
            body: change,
          }),
        ),
      ...settled,
    }),
    forget: useMutation({
      mutationFn: (id: string) =>
        body(api.DELETE("/api/v1/qr-designs/{design_id}", { params: { path: { design_id: id } } })),
      ...settled,
    }),
    unbrand: useMutation({
      mutationFn: (id: string) =>
        body(api.DELETE("/api/v1/brand-kits/{kit_id}", { params: { path: { kit_id: id } } })),
      ...settled,
    }),
  };
}
