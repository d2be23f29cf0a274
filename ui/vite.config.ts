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

/* canh serves `dist/` from a folder under a strict Content-Security-Policy: nothing may be inlined
   as data: (fonts), and every path is relative so that the page works behind any prefix. */
export default defineConfig({
  base: "./",
  plugins: [react(), packedTwins()],
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
