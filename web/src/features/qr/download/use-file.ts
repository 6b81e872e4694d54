import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";

import { api, body } from "@/lib/api/client";
import { ApiProblem, NetworkProblem } from "@/lib/api/problem";
import type { Code } from "@/lib/api/types";
import { downloadBlob, fileName } from "@/lib/download";

import { isRaster } from "./formats";
import { asked, type Unit } from "./size";

/** The file somebody wants. */
export type Wanted = { thing: string; size: number; unit: Unit; dpi: number; format: string };

type Form = "svg" | "png";

export function codeFile(code: Code, wanted: Omit<Wanted, "thing">): Promise<Blob> {
  const { size, unit } = asked(wanted.size, wanted.unit);
  const dpi = unit !== "px" && isRaster(wanted.format) ? { dpi: wanted.dpi } : {};
  return body<Blob>(
    api.GET("/api/v1/qr-codes/{code_id}/image.{form}", {
      params: {
        path: { code_id: code.id, form: wanted.format as Form },
        query: { size, unit, v: code.version, ...dpi },
      },
      parseAs: "blob",
    }),
  );
}

/** Fetches the file and hands it to the browser, or to another app of the phone. */
export function useFile(code: Code) {
  const { t } = useLingui();
  const fetching = useMutation({
    mutationFn: async ({ wanted, share }: { wanted: Wanted; share: boolean }) => {
      const blob = await codeFile(code, wanted);
      const name = fileName(code.name, wanted.format);
      if (!share) {
        downloadBlob(blob, name);
        return;
      }
      try {
        await navigator.share({ files: [new File([blob], name, { type: blob.type })], title: code.name });
      } catch (error) {
        // Whoever closes the list of apps has changed their mind; nothing went wrong.
        if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
      }
    },
  });
  const { error } = fetching;
  const problem =
    error instanceof ApiProblem
      ? (error.faults[0]?.detail ?? error.message)
      : error instanceof NetworkProblem
        ? t`No network. Try again when it is back.`
        : error
          ? t`That did not work. Try again.`
          : undefined;
  return { fetch: fetching.mutate, busy: fetching.isPending, problem, forget: fetching.reset };
}

/** Whether the browser can hand a file to another app, such as WhatsApp. */
export function canShare(): boolean {
  // Most browsers on desktops lack it.
  const browser: Partial<Navigator> = navigator;
  return browser.canShare?.({ files: [new File([""], "code.png", { type: "image/png" })] }) ?? false;
}
