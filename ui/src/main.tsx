/* SPDX-License-Identifier: Apache-2.0 */
import "@fontsource/be-vietnam-pro/400.css";
import "@fontsource/be-vietnam-pro/500.css";
import "@fontsource/be-vietnam-pro/600.css";
import "@fontsource/be-vietnam-pro/700.css";
import "@fontsource/jetbrains-mono/400.css";
import "@fontsource/jetbrains-mono/600.css";
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
import { ApiError } from "./api/client";
import { App } from "./app/App";
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

async function start(): Promise<void> {
  await startI18n();
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
