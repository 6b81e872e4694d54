import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";

import type { StoredFile } from "@/lib/api/types";
import { fileQuery } from "@/lib/files";
import { Upload } from "@/lib/upload";

export type Progress =
  | { at: "rest" }
  | { at: "sending"; file: File; share: number }
  | { at: "failed"; file: File; error: unknown };

/** One upload at a time: begin, watch, cancel, and go on after a loss of the network. */
export function useUpload(onDone: (file: StoredFile) => void) {
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress>({ at: "rest" });
  const upload = useRef<Upload>(null);
  const stopping = useRef<AbortController>(null);
  // The part of the screen may go away while a file is on its way.
  useEffect(() => () => stopping.current?.abort(), []);

  const send = useCallback(
    async (current: Upload) => {
      const { file } = current;
      const stop = new AbortController();
      stopping.current?.abort();
      stopping.current = stop;
      upload.current = current;
      setProgress({ at: "sending", file, share: 0 });
      try {
        const stored = await current.send({
          signal: stop.signal,
          onProgress: (sent) => {
            if (!stop.signal.aborted)
              setProgress({ at: "sending", file, share: Math.min(1, sent / file.size) });
          },
        });
        if (stop.signal.aborted) return;
        client.setQueryData(fileQuery(stored.id).queryKey, stored);
        void client.invalidateQueries({ queryKey: ["files", "list"] });
        void client.invalidateQueries({ queryKey: ["files", "room"] });
        setProgress({ at: "rest" });
        onDone(stored);
      } catch (error) {
        if (!stop.signal.aborted) setProgress({ at: "failed", file, error });
      }
    },
    [client, onDone],
  );

  return {
    progress,
    /** Begin with another file; `replaces` is the file that gets its content. */
    begin: (file: File, replaces?: string) => void send(new Upload(file, replaces)),
    /** Go on with what broke off. */
    goOn: () => {
      if (upload.current) void send(upload.current);
    },
    cancel: () => {
      stopping.current?.abort();
      upload.current?.abandon();
      setProgress({ at: "rest" });
    },
  };
}
