import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { api, body } from "@/lib/api/client";
import type { Code, DesignOptions } from "@/lib/api/types";
import { downloadBlob, fileName } from "@/lib/download";

import { designOptionsQuery } from "../api";
import { useReason } from "../faults";
import { asked, boundsOf, type Unit } from "./size";

/** The file somebody wants. */
export type Wanted = {
  thing: string;
  size: number;
  unit: Unit;
  dpi: number;
  format: string;
  color: "rgb" | "cmyk";
  overprint: boolean;
  /** The name of a printing ink for the dots; empty for none. */
  spot: string;
};

/** For phone and web, which most want first. */
const START: Wanted = {
  thing: "screen",
  size: 1200,
  unit: "px",
  dpi: 300,
  format: "png",
  color: "rgb",
  overprint: false,
  spot: "",
};

type Form = "svg" | "png" | "jpg" | "webp" | "pdf" | "eps";

/** What only some formats can have is asked of those only. */
function details(wanted: Wanted, options: DesignOptions | undefined) {
  const format = options?.formats.find(({ name }) => name === wanted.format);
  const { color, overprint, spot } = wanted;
  return {
    ...(format?.is_raster && wanted.unit !== "px" ? { dpi: wanted.dpi } : {}),
    ...(format?.has_inks && color === "cmyk" ? { color, overprint } : {}),
    ...(format?.has_inks && spot.trim() ? { spot: spot.trim() } : {}),
  };
}

export function codeFile(code: Code, wanted: Wanted, options?: DesignOptions): Promise<Blob> {
  return body<Blob>(
    api.GET("/api/v1/qr-codes/{code_id}/image.{form}", {
      params: {
        path: { code_id: code.id, form: wanted.format as Form },
        query: { ...asked(wanted.size, wanted.unit), v: code.version, ...details(wanted, options) },
      },
      parseAs: "blob",
    }),
  );
}

/** Fetches the file one wants and hands it to the browser, or to another app of the phone. */
export function useFile(code: Code) {
  const { data: options } = useQuery(designOptionsQuery);
  const [wanted, setWanted] = useState(START);
  const fetching = useMutation({
    mutationFn: async (share: boolean) => {
      const blob = await codeFile(code, wanted, options);
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
  const reason = useReason();
  const [least, most] = boundsOf(options, wanted.unit);
  return {
    wanted,
    want: (value: Wanted) => {
      fetching.reset();
      setWanted(value);
    },
    bounds: [least, most] as const,
    fetch: ({ share }: { share: boolean }) => {
      if (wanted.size >= least && wanted.size <= most && !fetching.isPending) fetching.mutate(share);
    },
    busy: fetching.isPending,
    problem: error ? reason(error) : undefined,
  };
}

export type CodeFile = ReturnType<typeof useFile>;

/** Whether the browser can hand a file to another app, such as WhatsApp. */
export function canShare(): boolean {
  // Most browsers on desktops lack it.
  const browser: Partial<Navigator> = navigator;
  return browser.canShare?.({ files: [new File([""], "code.png", { type: "image/png" })] }) ?? false;
}
