import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { Plugin } from "vite";

/** What each address needs besides the entry: its screens, and a catalogue for each language. */
export type Early = { pages: Record<string, string[]>; locales: Record<string, string[]> };

const SHELL = ["src/routes/shell.tsx"];
const PAGES: Record<string, string[]> = {
  "^/$": ["src/routes/first.tsx"],
  "^/app/?$": [...SHELL, "src/routes/home.tsx"],
  "^/app/codes/?$": [...SHELL, "src/routes/codes.tsx"],
  "^/app/codes/[^/]+/?$": [...SHELL, "src/routes/code.tsx"],
  "^/app/codes/[^/]+/edit$": [...SHELL, "src/routes/edit-code.tsx"],
  "^/app/new$": [...SHELL, "src/routes/new-code.tsx"],
  "^/app/more$": [...SHELL, "src/routes/more.tsx"],
  "^/app/server$": [...SHELL, "src/routes/server.tsx"],
};
const LOCALES: Record<string, string[]> = {
  en: ["src/locales/en/messages.po"],
  hi: ["src/locales/hi/messages.po"],
};

/**
 * Tells `first-paint.js` which files a page will want, so that they are fetched beside the entry, not after it;
 * and names that script by its content, so that browsers keep it like all others.
 */
export function early(): Plugin {
  const script = readFileSync(fileURLToPath(new URL("../public/assets/first-paint.js", import.meta.url)));
  const named = `assets/first-paint-${createHash("sha256").update(script).digest("hex").slice(0, 8)}.js`;
  return {
    name: "early",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: named, source: script });
    },
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle, chunk: entry }) {
        const chunks = Object.values(bundle ?? {}).filter((file) => file.type === "chunk");
        const filesOf = (file: string): string[] => {
          const chunk = chunks.find(({ fileName }) => fileName === file);
          return chunk ? [file, ...chunk.imports.flatMap(filesOf)] : [];
        };
        const known = new Set(entry ? filesOf(entry.fileName) : []);
        const wanted = (modules: string[]) => {
          const files = modules.flatMap((module) =>
            chunks
              .filter(({ facadeModuleId, moduleIds }) =>
                [facadeModuleId, ...moduleIds].some((id) => id?.split("?")[0]?.endsWith(`/web/${module}`)),
              )
              .flatMap(({ fileName }) => filesOf(fileName)),
          );
          if (files.length === 0) throw new Error(`no chunk has ${modules.join(", ")}`);
          return [...new Set(files)].filter((file) => !known.has(file)).map((file) => `/${file}`);
        };
        const table = (of: Record<string, string[]>) =>
          Object.fromEntries(Object.entries(of).map(([key, modules]) => [key, wanted(modules)]));
        const map: Early = { pages: table(PAGES), locales: table(LOCALES) };
        const data = JSON.stringify(map).replaceAll("&", "&amp;").replaceAll("'", "&#39;");
        return html.replace('src="/assets/first-paint.js"', `src="/${named}" data-early='${data}'`);
      },
    },
  };
}
