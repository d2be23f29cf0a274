/* SPDX-License-Identifier: Apache-2.0 */
import react from "@vitejs/plugin-react";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const SCRIPT_MAX = 350 * 1024; /* all of it, packed */

/* "x.gz" beside each text file: the server hands it out as it stands, packed once and not at every request. */
function packedTwins(): Plugin {
  return {
    name: "packed-twins",
    apply: "build",
    closeBundle() {
      let script = 0;
      for (const name of readdirSync("dist/assets").filter((n) => /\.(js|css|svg)$/.test(n))) {
        const path = join("dist/assets", name);
        const packed = gzipSync(readFileSync(path), { level: 9 });
        writeFileSync(`${path}.gz`, packed);
        if (name.endsWith(".js")) script += packed.length;
      }
      if (script > SCRIPT_MAX) throw new Error(`script is ${script} bytes packed, more than ${SCRIPT_MAX}`);
    },
  };
}

/* The fonts of the first frame are asked for with the script, not after the style sheet was read. */
const FIRST_FONTS = /(be-vietnam-pro-(latin|vietnamese)-(400|600)|jetbrains-mono-latin-600)-normal/;
function preloadFonts(): Plugin {
  return {
    name: "preload-fonts",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_html, ctx) =>
        Object.keys(ctx.bundle ?? {})
          .filter((n) => n.endsWith(".woff2") && FIRST_FONTS.test(n))
          .map((n) => ({
            tag: "link",
            attrs: { rel: "preload", as: "font", type: "font/woff2", crossorigin: true, href: `./${n}` },
            injectTo: "head" as const,
          })),
    },
  };
}

/* So are the scripts of the first page: the board, in the language that is shown until another one is chosen. */
const FIRST_SCRIPTS = ["/src/pages/board/BoardPage.tsx", "/src/i18n/vi/index.ts"];
function preloadScripts(): Plugin {
  return {
    name: "preload-scripts",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (html, ctx) => {
        const all = Object.values(ctx.bundle ?? {}).filter((x) => x.type === "chunk");
        const first = all.filter((x) => FIRST_SCRIPTS.some((name) => x.facadeModuleId?.endsWith(name)));
        if (first.length !== FIRST_SCRIPTS.length) throw new Error("a script of the first page is not a chunk");
        const names = new Set(first.flatMap((x) => [x.fileName, ...x.imports]));
        return [...names]
          .filter((name) => !html.includes(name))
          .map((name) => ({
            tag: "link",
            attrs: { rel: "modulepreload", crossorigin: true, href: `./${name}` },
            injectTo: "head" as const,
          }));
      },
    },
  };
}

/* canh serves `dist/` from a folder under a strict Content-Security-Policy: nothing may be inlined
   as data: (fonts), and every path is relative so that the page works behind any prefix. */
export default defineConfig({
  base: "./",
  plugins: [react(), preloadFonts(), preloadScripts(), packedTwins()],
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    chunkSizeWarningLimit: 800,
    target: "es2021",
    rollupOptions: {
      output: {
        manualChunks: { vendor: ["react", "react-dom", "@tanstack/react-query", "i18next", "react-i18next"] },
      },
    },
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
