/* SPDX-License-Identifier: Apache-2.0 */
/* One event stream for all tabs of a browser: the tab that holds the lock keeps it open and hands every event to the
   others over a BroadcastChannel. Where Web Locks are missing each tab opens its own. */

export type StreamKind = "alert" | "stored" | "list" | "rules" | "board" | "health" | "duty" | "notice" | "reset";
export interface StreamEvent {
  kind: StreamKind;
  data: unknown;
}
export type LinkState = "open" | "lost";
type Listener = (event: StreamEvent) => void;
type LinkListener = (state: LinkState) => void;

const KINDS: StreamKind[] = ["alert", "stored", "list", "rules", "board", "health", "duty", "notice", "reset"];
const listeners = new Set<Listener>();
const linkListeners = new Set<LinkListener>();
let link: LinkState = "open";

export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const linkState = (): LinkState => link;
export function onLink(listener: LinkListener): () => void {
  linkListeners.add(listener);
  return () => linkListeners.delete(listener);
}

function setLink(next: LinkState): void {
  if (next === link) return;
  link = next;
  for (const l of linkListeners) l(next);
}

function deliver(event: StreamEvent): void {
  for (const l of listeners) l(event);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; /* an empty or unreadable body still says that something changed */
  }
}

function open(channel: BroadcastChannel | null, onClosed: () => void): EventSource {
  const source = new EventSource("api/v1/stream");
  const pass = (event: StreamEvent): void => {
    deliver(event);
    channel?.postMessage({ event });
  };
  const say = (state: LinkState): void => {
    setLink(state);
    channel?.postMessage({ link: state });
  };
  source.onopen = () => say("open");
  source.onerror = () => {
    say("lost");
    if (source.readyState === EventSource.CLOSED) onClosed();
  };
  for (const kind of KINDS)
    source.addEventListener(kind, (e) => pass({ kind, data: parse((e as MessageEvent<string>).data) }));
  return source;
}

/* Starts listening; the returned function ends it (sign-out). */
export function startStream(): () => void {
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("canh.stream");
  let source: EventSource | null = null;
  let ended = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  let release: () => void = () => undefined;
  const connect = (): void => {
    if (ended) return;
    source = open(channel, () => {
      again = setTimeout(connect, 5000);
    });
  };
  if (channel)
    channel.onmessage = (e: MessageEvent<{ event?: StreamEvent; link?: LinkState }>) => {
      if (e.data.event) deliver(e.data.event);
      if (e.data.link) setLink(e.data.link);
    };
  const stop = new AbortController();
  if (channel && "locks" in navigator)
    navigator.locks
      .request("canh.stream", { signal: stop.signal }, () => {
        connect();
        return new Promise<void>((done) => {
          release = done;
        });
      })
      .catch((e: unknown) => {
        if (!ended) throw e;
      });
  else connect();
  return () => {
    ended = true;
    clearTimeout(again);
    source?.close();
    release();
    stop.abort();
    channel?.close();
  };
}
