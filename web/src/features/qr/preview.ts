import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";

import { api, body } from "@/lib/api/client";
import type { Content, Design, SentContent } from "@/lib/api/types";

export type Draft = { content: Content; design: Design };

/** What can be drawn: a draft, or the exact text of a code that is there, in a look. */
export type Sketch = Draft | { payload: string; design: Design };

function sent(sketch: Sketch) {
  return "content" in sketch ? { ...sketch, content: sketch.content as SentContent } : sketch;
}

/** The picture of a code that is not saved. */
export async function renderDraft(draft: Sketch, format: "svg" | "png", size?: number): Promise<Blob> {
  return body<Blob>(
    api.POST("/api/v1/qr-codes/preview", {
      body: sent(draft),
      params: { query: { format, ...(size ? { size, unit: "px" } : {}) } },
      parseAs: "blob",
    }),
  );
}

/** Picture and verdict of a draft, 150 ms after the last change; the former ones stay until the new ones are there. */
export function usePreview(draft: Sketch | null) {
  const [settled] = useDebouncedValue(draft, 150);
  const shared = { enabled: settled !== null, placeholderData: keepPreviousData, staleTime: Infinity };
  const picture = useQuery({
    ...shared,
    queryKey: ["preview", settled],
    queryFn: async () => {
      if (!settled) throw new Error("nothing to draw");
      const svg = await (await renderDraft(settled, "svg")).text();
      return `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;
    },
  });
  const verdict = useQuery({
    ...shared,
    queryKey: ["check", settled],
    queryFn: ({ signal }) => {
      if (!settled) throw new Error("nothing to judge");
      return body(api.POST("/api/v1/qr-codes/check", { body: sent(settled), signal }));
    },
  });
  const settling = draft !== settled;
  return {
    picture: draft && !picture.error ? picture.data : undefined,
    verdict: draft && !verdict.error ? verdict.data : undefined,
    error: draft && !settling ? (picture.error ?? verdict.error) : null,
  };
}
