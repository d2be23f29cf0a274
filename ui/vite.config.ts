/* SPDX-License-Identifier: Apache-2.0 */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/* canh serves `dist/` from a folder under a strict Content-Security-Policy: nothing may be inlined
   as data: (fonts), and every path is relative so that the page works behind any prefix. */
export default defineConfig({
  base: "./",
  plugins: [react()],
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: "es2021",
    rollupOptions: {
      output: {
        manualChunks: { vendor: ["react", "react-dom", "@tanstack/react-query", "i18next", "react-i18next"] },
      },
    },
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
