import { useState } from "react";

import { bestFor } from "./formats";
import type { Wanted } from "./use-file";

/** The file somebody is likely to want first: one for phone and web. */
export function useWanted(formats: string[]) {
  return useState<Wanted>({
    thing: "screen",
    size: 1200,
    unit: "px",
    dpi: 300,
    format: bestFor(false, formats),
  });
}
