import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";

import { api, body } from "@/lib/api/client";
import { isProblem } from "@/lib/api/problem";
import type { CodeKind, Content, Design, SentContent } from "@/lib/api/types";

export type Draft = { content: Content; design: Design; kind?: CodeKind };

/**
 * What can be drawn: a draft, or the exact text of a code that is there, in a look. A dynamic draft is drawn with a
 * sample of the short address that it gets when it is saved; one without a kind holds everything itself if it can.
 */
export type Sketch = Draft | { payload: string; design: Design };

/** After the last key: soon enough to feel at once, late enough not to draw half words. */
const PAUSE = 100;

/** Whether a short address will stand in the symbol that nobody has given yet. */
export function isSample(sketch: Sketch | null): boolean {
  return sketch !== null && "kind" in sketch && sketch.kind === "dynamic";
}

function sent(sketch: Sketch) {
  const { design } = sketch;
  return "content" in sketch
    ? { content: sketch.content as SentContent, design, ...(sketch.kind ? { kind: sketch.kind } : {}) }
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

/** The least change of a draft's look that makes phones read it. */
export function repairDraft(draft: Sketch) {
  return body(api.POST("/api/v1/qr-codes/repair", { body: sent(draft) }));
}

/** A picture of a code; its sides are told in dots, and with a frame it is wider or taller than the code. */
export type Picture = { source: string; width: number; height: number };

/** Picture and verdict of a draft. The former ones stay until the new ones are there; what is overtaken is dropped. */
export function usePreview(draft: Sketch | null) {
  // As text, so that a draft which says the same again is neither drawn nor waited for again.
  const text = draft && JSON.stringify(sent(draft));
  const [settled] = useDebouncedValue(text, PAUSE);
  const shared = { enabled: settled !== null, placeholderData: keepPreviousData, staleTime: Infinity };
  const picture = useQuery({
    ...shared,
    queryKey: ["preview", settled],
    queryFn: async ({ signal }) =>
      pictureOf(await (await renderDraft(parsed(settled), "svg", undefined, signal)).text()),
  });
  const verdict = useQuery({
    ...shared,
    enabled: shared.enabled && !picture.isFetching, // nobody waits for a picture because of a verdict
    queryKey: ["check", settled],
    queryFn: ({ signal }) =>
      body(api.POST("/api/v1/qr-codes/check", { body: sent(parsed(settled)), signal })),
  });
  const drawn = useLast(picture.data);
  const settling = text !== settled;
  const error = picture.error ?? verdict.error;
  // A look that is half changed, or a network that is away, takes no picture away; a wrong address does.
  const wrong = isProblem(error, 422) && error.faults.some(({ pointer }) => !pointer.startsWith("/design"));
  return {
    picture: draft && !wrong ? drawn : undefined,
    verdict: draft && !verdict.error ? verdict.data : undefined,
    error: draft && !settling ? error : null,
    /** Whether picture and verdict are of an earlier draft still. */
    isBehind: draft !== null && (settling || picture.isFetching || verdict.isFetching),
  };
}

/** The verdict of what is drawn when its symbol is printed so large; nothing where no size is given. */
export function useVerdictAt(drawn: Sketch | null, sizeMm: number | undefined) {
  const asked = drawn && sizeMm !== undefined ? JSON.stringify({ ...sent(drawn), size_mm: sizeMm }) : null;
  const [settled] = useDebouncedValue(asked, PAUSE);
  const verdict = useQuery({
    queryKey: ["check", settled],
    queryFn: ({ signal }) =>
      body(
        api.POST("/api/v1/qr-codes/check", {
          body: JSON.parse(settled ?? "") as ReturnType<typeof sent> & { size_mm: number },
          signal,
        }),
      ),
    enabled: settled !== null,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  return asked === null ? undefined : verdict.data;
}

/** What there was last, while there is nothing. */
function useLast<T>(value: T | undefined): T | undefined {
  const [last, setLast] = useState(value);
  if (value !== undefined && value !== last) setLast(value);
  return value ?? last;
}

export function pictureOf(svg: string): Picture {
  const [, width = "1", height = "1"] = /viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  return {
    source: `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`,
    width: Number(width),
    height: Number(height),
  };
}

function parsed(text: string | null): Sketch {
  if (text === null) throw new Error("nothing to draw");
  return JSON.parse(text) as Sketch;
}
