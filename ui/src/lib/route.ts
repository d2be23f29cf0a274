/* SPDX-License-Identifier: Apache-2.0 */
/* Hash routes: `#/alerts/ID?state=new`. Any static server serves them, and nothing after # leaves the machine. */
import { useSyncExternalStore } from "react";

export interface Route {
  path: string[];
  query: URLSearchParams;
}

export function parseHash(hash: string): Route {
  const text = hash.replace(/^#\/?/, "");
  const at = text.indexOf("?");
  const path = (at < 0 ? text : text.slice(0, at)).split("/").filter(Boolean).map(decode);
  return { path, query: new URLSearchParams(at < 0 ? "" : text.slice(at + 1)) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; /* a stray % in a hand-typed address is taken as it stands */
  }
}

export function href(path: string[], query: Record<string, string | null | undefined> = {}): string {
  const q = new URLSearchParams();
  for (const [k, v] of Object.entries(query)) if (v) q.set(k, v);
  const tail = q.toString();
  return `#/${path.map(encodeURIComponent).join("/")}${tail ? `?${tail}` : ""}`;
}

export function go(path: string[], query: Record<string, string | null | undefined> = {}, replace = false): void {
  const next = href(path, query);
  if (next === location.hash) return;
  if (replace) {
    history.replaceState(null, "", next);
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  } else location.hash = next;
}

const subscribe = (reader: () => void): (() => void) => {
  window.addEventListener("hashchange", reader);
  return () => window.removeEventListener("hashchange", reader);
};

export function useRoute(): Route {
  return parseHash(useSyncExternalStore(subscribe, () => location.hash));
}
