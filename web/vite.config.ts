import { fileURLToPath } from "node:url";

import { transformAsync } from "@babel/core";
import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

import { early } from "./scripts/early.ts";

/** Compiles Lingui's macros with Babel. The ready-made plugin for Rolldown needs a newer Node than the one we support. */
function linguiMacros(): Plugin {
  return {
    name: "lingui-macros",
    enforce: "pre",
    async transform(code, id) {
      const [file = id] = id.split("?");
      if (!/\.tsx?$/.test(file) || !/@lingui\/(core|react)\/macro/.test(code)) return null;
      const result = await transformAsync(code, {
        filename: file,
        babelrc: false,
        configFile: false,
        sourceMaps: true,
        plugins: [
          ["@babel/plugin-syntax-typescript", { isTSX: file.endsWith("x") }],
          "@lingui/babel-plugin-lingui-macro",
        ],
      });
      return result?.code ? { code: result.code, map: result.map ?? null } : null;
    },
  };
}

const server = process.env["SCANLY_URL"] ?? "http://localhost:8000";

export default defineConfig({
  plugins: [linguiMacros(), react(), lingui(), early()],
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  build: {
    outDir: "../src/scanly/app/web",
    emptyOutDir: true,
    target: "es2022",
    // Fonts and pictures stay files: the server's policy has no data: addresses for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // A few files in place of dozens of tiny ones: each request of a phone costs more than its bytes.
        codeSplitting: {
          groups: [
            {
              name: "base",
              test: /node_modules\/(react|react-dom|scheduler|@tanstack|@lingui|openapi-fetch)\//,
            },
            { name: "icons", test: /node_modules\/@tabler\// },
            // What the first page and the dashboard both begin with.
            {
              name: "core",
              test: /(src\/(app|lib\/|components\/(alone|asked|language-switch|page|skip-link|states)|features\/qr\/(api|content|picture)\.|routes\/(router|not-found|route-failure))|@mantine\/core\/esm\/components\/ActionIcon)/,
            },
            {
              name: "fields",
              test: /@mantine\/core\/esm\/components\/(CloseButton|Input|InputBase|NativeSelect|PasswordInput|TextInput|Textarea)\//,
            },
            {
              name: "home",
              test: /src\/(routes\/(shell|home|next-steps)|features\/(analytics\/(code-counts|day-card|live)|qr\/(first-code|leads-to)))\./,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": { target: server, changeOrigin: false } } },
  test: {
    environment: "jsdom",
    include: ["tests/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/setup.ts"],
    css: false,
    testTimeout: 60_000,
  },
});
