/* SPDX-License-Identifier: Apache-2.0 */
/* What the step "sources" works out: a snippet with its blanks filled, the door it goes to, whose records it
   brings, and why there are none. */
import type { Control, Door, DoorKind, Doors, Refused, Snippet, SnippetWay, Source } from "../../api/types";

export interface Piece {
  text: string;
  filled: boolean;
}

/* The text cut at its blanks; one that has no value yet stays as it is written, and is told apart too. */
export function pieces(text: string, values: Record<string, string>): Piece[] {
  return text
    .split(/(\{\{\w+\}\})/)
    .filter((p) => p !== "")
    .map((p) => {
      const name = /^\{\{(\w+)\}\}$/.exec(p)?.[1];
      return name === undefined ? { text: p, filled: false } : { text: values[name] || `<${name}>`, filled: true };
    });
}

export const filled = (text: string, values: Record<string, string>): string =>
  pieces(text, values)
    .map((p) => p.text)
    .join("");

export const needsToken = (way: SnippetWay): boolean => way.text.includes("{{token}}");

export const isLoopback = (host: string): boolean =>
  /^127\./.test(host) || host === "::1" || host === "[::1]" || host === "localhost";

/* "192.0.2.7:514", "[::1]:514" */
export function cutAddress(address: string): { host: string; port: string } {
  const at = address.lastIndexOf(":");
  return { host: address.slice(0, at), port: address.slice(at + 1) };
}

export const doorKind = (door: SnippetWay["door"]): DoorKind => (door === "push" || door === "bulk" ? "http" : door);

/* The door for a way: one that others can reach before one that only this machine can. */
export function doorOf(doors: Doors, door: SnippetWay["door"]): Door | undefined {
  const fit = doors.items.filter((d) => d.kind === doorKind(door));
  return fit.find((d) => !isLoopback(cutAddress(d.address).host)) ?? fit[0];
}

export const PORTS: Record<DoorKind, string> = { http: "8443", udp: "514", tcp: "514", tls: "6514" };

/* What opens a door that is closed. */
export const yamlFor = (door: DoorKind): string =>
  `${door === "tls" || door === "http" ? "certificate: own\n" : ""}listen:\n  - ${door}: 0.0.0.0:${PORTS[door]}`;

/* The way that is shown first: the first one whose door is open, since the better ones stand before. */
export const firstWay = (doors: Doors, snippet: Snippet): number =>
  Math.max(
    0,
    snippet.ways.findIndex((w) => doorOf(doors, w.door) !== undefined),
  );

/* Where the senders find this server: as it was found by this browser, unless that was on the machine itself. */
export function guessHost(doors: Doors, here: string): string {
  const name = here.replace(/^\[|\]$/g, "");
  return isLoopback(name) ? (doors.addresses.find((a) => !isLoopback(a)) ?? name) : name;
}

export const inUrl = (host: string): string => (host.includes(":") ? `[${host}]` : host);

export interface Wanted {
  snippet: Snippet;
  way: SnippetWay;
  /* address of the device, as far as it is told */
  device: string;
  /* of the token that was made here; "" none */
  tokenId: string;
}

/* Whose records those are. A pusher is known by its token, a device by its address; where neither is told, by the
   form of the records. */
export function senders(sources: Source[], w: Wanted): Source[] {
  const push = doorKind(w.way.door) === "http";
  return sources.filter((s) => {
    if (s.kind !== w.way.door) return false;
    if (push && w.tokenId !== "") return s.peer === w.tokenId;
    if (!push && w.device !== "") return s.peer === w.device;
    return w.snippet.formats.some((f) => (s.formats[f] ?? 0) > 0);
  });
}

export interface Sum {
  received: number;
  stored: number;
  unparsed: number;
  dropped: number;
}
export function sum(all: Source[]): Sum {
  const out = { received: 0, stored: 0, unparsed: 0, dropped: 0 };
  for (const s of all) {
    out.received += s.received;
    out.stored += s.stored;
    out.unparsed += s.unparsed;
    out.dropped += Object.values(s.dropped).reduce((a, b) => a + b, 0);
  }
  return out;
}

export type Trouble =
  | { kind: "closed"; door: DoorKind }
  | { kind: "loopback"; address: string }
  | { kind: "untested" | "lost"; control: Control }
  | { kind: "refused"; refused: Refused }
  | { kind: "unparsed" | "dropped"; n: number; of: number };

/* What is wrong, from the counters, the worst first. */
export function troubles(doors: Doors, controls: Control[], own: Source[], w: Wanted): Trouble[] {
  const out: Trouble[] = [];
  const door = doorOf(doors, w.way.door);
  const push = doorKind(w.way.door) === "http";
  if (!door) return [{ kind: "closed", door: doorKind(w.way.door) }];
  if (isLoopback(cutAddress(door.address).host)) out.push({ kind: "loopback", address: door.address });
  const subject = push ? w.way.door : `${door.kind} ${door.address}`;
  const control = controls.find((c) => c.kind === "door" && c.subject === subject);
  if (control?.state === "failed") out.push({ kind: "lost", control });
  for (const r of doors.refused)
    if (r.door === (push ? "push" : w.way.door) && (w.device === "" || r.peer === w.device))
      out.push({ kind: "refused", refused: r });
  const n = sum(own);
  if (n.unparsed > 0) out.push({ kind: "unparsed", n: n.unparsed, of: n.stored });
  if (n.dropped > 0) out.push({ kind: "dropped", n: n.dropped, of: n.received });
  return out;
}

/* Received in each of the last `width` seconds, of samples of a growing sum. */
export function perSecond(samples: { at: number; n: number }[], now: number, width: number): number[] {
  const out = new Array<number>(width).fill(0);
  for (let i = 1; i < samples.length; i++) {
    const [a, b] = [samples[i - 1], samples[i]];
    if (!a || !b) continue;
    const slot = width - 1 - Math.floor((now - b.at) / 1000);
    if (slot >= 0 && slot < width) out[slot] = (out[slot] ?? 0) + Math.max(0, b.n - a.n);
  }
  return out;
}
