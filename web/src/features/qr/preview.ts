import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";

import { api, body } from "@/lib/api/client";
import type { CodeKind, Content, Design, SentContent } from "@/lib/api/types";

export type Draft = { content: Content; design: Design; kind?: CodeKind };

/** What can be drawn: a draft, or the exact text of a code that is there, in a look. */
export type Sketch = Draft | { payload: string; design: Design };

/** After the last key: soon enough to feel at once, late enough not to draw half words. */
const PAUSE = 100;

function sent(sketch: Sketch) {
  const { design } = sketch;
  return "content" in sketch
    ? { content: sketch.content as SentContent, design }
    : { payload: sketch.payload, design };
}

/** The picture of a code that is not saved. */
export async function renderDraft(
  draft: Sketch,
  format: "svg" | "png",
  size?: number,
  signal?: AbortSignal,
): Promise<Blob> {
  return body<Blob>(
    api.POST("/api/v1/qr-codes/preview", {
      body: sent(draft),
      params: { query: { format, ...(size ? { size, unit: "px" } : {}) } },
      parseAs: "blob",
      ...(signal ? { signal } : {}),
    }),
  );
}

/** Picture and verdict of a draft. The former ones stay until the new ones are there; what is overtaken is dropped. */
export function usePreview(draft: Sketch | null) {
  // As text, so that a draft which says the same again is neither drawn nor waited for again.
  const text = draft && JSON.stringify(sent(draft));
  const [settled] = useDebouncedValue(text, PAUSE);
  const shared = { enabled: settled !== null, placeholderData: keepPreviousData, staleTime: Infinity };
  const picture = useQuery({
    ...shared,
    queryKey: ["preview", settled],
    queryFn: async ({ signal }) => {
      const svg = await (await renderDraft(parsed(settled), "svg", undefined, signal)).text();
      return `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;
    },
  });
  const verdict = useQuery({
    ...shared,
    queryKey: ["check", settled],
    queryFn: ({ signal }) =>
      body(api.POST("/api/v1/qr-codes/check", { body: sent(parsed(settled)), signal })),
  });
  const settling = text !== settled;
  return {
    picture: draft && !picture.error ? picture.data : undefined,
    verdict: draft && !verdict.error ? verdict.data : undefined,
    error: draft && !settling ? (picture.error ?? verdict.error) : null,
    /** Whether picture and verdict are of an earlier draft still. */
    isBehind: draft !== null && (settling || picture.isFetching || verdict.isFetching),
  };
}

function parsed(text: string | null): Sketch {
  if (text === null) throw new Error("nothing to draw");
  return JSON.parse(text) as Sketch;
}
