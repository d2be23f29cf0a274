/* SPDX-License-Identifier: Apache-2.0 */
/* What the event stream changes in the page's cache. */
import { useQueryClient, type InfiniteData, type QueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { linkState, listen, onLink, startStream, type LinkState, type StreamEvent } from "../api/stream";
import type { Alert, AlertDetail, AlertPage } from "../api/types";
import { both } from "../i18n/lang";
import { serverNow } from "../lib/now";
import { go } from "../lib/route";
import { bellHears } from "./bell";

function patchAlert(client: QueryClient, alert: Alert): void {
  client.setQueriesData<InfiniteData<AlertPage>>({ queryKey: ["alerts", "list"] }, (old) => {
    if (!old?.pages?.some((p) => p.items.some((a) => a.id === alert.id))) return old;
    const pages = old.pages.map((p) => ({
      ...p,
      items: p.items.map((a) => (a.id === alert.id ? { ...a, ...alert } : a)),
    }));
    return { ...old, pages };
  });
  client.setQueryData<AlertDetail>(["alerts", "one", alert.id], (old) => old && { ...old, ...alert });
}

/* The first of a burst is served at once, the rest of it together when `ms` are over. */
const resting = new Map<string, boolean>();
function soon(client: QueryClient, key: string[], ms = 400): void {
  const name = key.join("/");
  if (resting.has(name)) {
    resting.set(name, true);
    return;
  }
  void client.invalidateQueries({ queryKey: key });
  resting.set(name, false);
  setTimeout(() => {
    const again = resting.get(name);
    resting.delete(name);
    if (again) soon(client, key, ms);
  }, ms);
}

/* A refetch reads every page that is loaded: who scrolled far down is served less often, not the server more. */
function pagesShown(client: QueryClient): number {
  const lists = client.getQueriesData<InfiniteData<AlertPage>>({ queryKey: ["alerts", "list"], type: "active" });
  return Math.max(1, ...lists.map(([, data]) => data?.pages?.length ?? 0));
}

const REFETCH: Partial<Record<StreamEvent["kind"], string[][]>> = {
  list: [["lists"], ["board"], ["setup"]],
  rules: [["rules"]],
  board: [["board"], ["directive"], ["setup"], ["exercises"]],
  health: [["health"]],
  duty: [["duty"], ["board"], ["setup"]],
  notice: [["notices"]],
  reset: [["alerts"], ["board"], ["sources"], ["lists"], ["rules"]],
};

function apply(client: QueryClient, event: StreamEvent): void {
  if (event.kind === "alert") {
    const alert = event.data as Alert | null;
    if (alert?.id) patchAlert(client, alert);
    soon(client, ["alerts"], 400 * pagesShown(client));
    soon(client, ["board"]);
  }
  if (event.kind === "stored") {
    soon(client, ["sources"], 1000);
    soon(client, ["setup"], 5000);
  }
  for (const key of REFETCH[event.kind] ?? []) soon(client, key);
}

/* What a notification says of an alert: enough to get up for, in the language of the page. */
function useBell(): (event: StreamEvent) => void {
  const { t } = useTranslation();
  return (event) => {
    const alert = event.kind === "alert" ? (event.data as Alert | null) : null;
    if (!alert?.id) return;
    bellHears(
      alert,
      serverNow(),
      (a) => ({
        title: `${t(`severity.${a.severity}`)} · ${t("bell.alert", { n: String(a.number) })}`,
        body: `${a.exercise ? `${t("bell.exercise")} ` : ""}${both(a.title)}`,
      }),
      (a) => go(["alerts", a.id]),
    );
  };
}

export function useLive(): void {
  const client = useQueryClient();
  const hears = useBell();
  const bell = useRef(hears);
  useEffect(() => {
    bell.current = hears;
  });
  useEffect(() => {
    const stop = startStream();
    const off = listen((event) => {
      apply(client, event);
      bell.current(event);
    });
    return () => {
      off();
      stop();
    };
  }, [client]);
}

export const useLink = (): LinkState => useSyncExternalStore(onLink, linkState);
