/* SPDX-License-Identifier: Apache-2.0 */
import "./styles/fonts.css";
import "./styles/mantine.css";
import "./styles/tokens.css";
import "./styles/canh.css";
import "./styles/marks.css";
import "./styles/app.css";
import "./styles/sheet.css";
import "./styles/narrow.css";

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError, get } from "./api/client";
import { boardNow, setupNow } from "./api/hooks";
import { App } from "./app/App";
import { PAGES, WALL } from "./app/pages";
import { nonce, resolver, theme } from "./app/theme";
import { startI18n } from "./i18n";
import { Sprite } from "./ui/Icon";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 1000,
      refetchOnWindowFocus: false,
      /* what the server refused stays refused; what did not reach it is tried again */
      retry: (n, e) => n < 2 && (!(e instanceof ApiError) || e.status === 0 || e.status >= 500),
    },
  },
});

/* The faces of the first frame, so that no line moves when they come; a lost font must not hold the page up. */
const FACES = ['400 13px "Be Vietnam Pro"', '600 13px "Be Vietnam Pro"', '600 13px "JetBrains Mono"'];
const FACES_MS = 600;

function faces(): Promise<unknown> {
  const all = Promise.all(FACES.map((f) => document.fonts.load(f, "aạ")));
  return Promise.race([all, new Promise((done) => setTimeout(done, FACES_MS))]);
}

/* What the first frame shows is asked for at once, not after the page knows who it is; drawn once, when it is there. A
   slow server must not hold the page up: then each part waits in its own place. */
const FIRST_MS = 400;

function first(): Promise<unknown> {
  const place = location.hash.replace(/^#\/?/, "").split(/[/?]/)[0] ?? "";
  if (place === "invite") return Promise.resolve();
  const asked: Promise<unknown>[] = [
    client.prefetchQuery({ queryKey: ["session"], queryFn: () => get("/session"), retry: false }),
  ];
  if (place === "" || place === "board" || place === "wall")
    asked.push(client.prefetchQuery({ queryKey: ["board"], queryFn: boardNow, retry: false }));
  if (place === "" || place === "board")
    asked.push(client.prefetchQuery({ queryKey: ["setup"], queryFn: setupNow, retry: false }));
  /* one that cannot be brought says so where it is to stand */
  const page = place === "wall" ? WALL : PAGES.find((p) => p.name === (place || "board"));
  if (page) asked.push(page.load().catch(() => undefined));
  return Promise.race([Promise.all(asked), new Promise((done) => setTimeout(done, FIRST_MS))]);
}

async function start(): Promise<void> {
  await Promise.all([first(), startI18n(), faces()]);
  setNonce(nonce());
  const root = document.getElementById("root");
  if (!root) throw new Error("no #root in the page");
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={resolver} getStyleNonce={nonce} defaultColorScheme="auto">
        <QueryClientProvider client={client}>
          <Sprite />
          <App />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

void start();
