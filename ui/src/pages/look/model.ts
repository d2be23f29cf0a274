/* SPDX-License-Identifier: Apache-2.0 */
import type { Look, LookGroup, LookPlace, LookTimeline } from "../../api/typesLook";
import { clockTime, date } from "../../lib/format";
import { quote } from "../../lib/query";

export const MAX_BYTES = 64 * 1024 * 1024;

/* What an exception or a known-good list takes back is told, but is no finding. */
export const quiet = (g: LookGroup): boolean => g.excepted || g.use === "count";

/* "mail-01 (2).evtx" -> "mail-01 (2)": what the source is called unless somebody names it. */
export const sourceName = (file: string): string =>
  file
    .normalize("NFC")
    .replace(/(\.(evtx|jsonl?|ndjson|log|txt|csv|xml|gz|zst|bz2|xz|zip|7z|tar|tgz))+$/i, "")
    .trim() || file;

/* Everything that was held back from the eye: then "no hit" must not read as "nothing there". */
export function isPart(l: Look): boolean {
  return l.stopped || l.lost !== null || l.files.some((f) => f.lost !== null) || l.bad > 0 || l.undecided > 0;
}

export interface Bar {
  at: number;
  to: number;
  events: number;
  hits: number;
}

export function bars(t: LookTimeline): Bar[] {
  const from = Date.parse(t.from);
  return t.events.map((n, i) => ({
    at: from + i * t.step_s * 1000,
    to: from + (i + 1) * t.step_s * 1000,
    events: n,
    hits: t.hits[i] ?? 0,
  }));
}

/* The question that finds what was kept under a name. */
export const keptQuery = (source: string): string => `source:${quote(source)}`;

/* To the second: "10:07:00 20/11/2026", and from when to when, the day once where it is the same. */
export const at = (iso: string): string => `${clockTime(iso)} ${date(iso)}`;
export const between = (from: string, to: string): string =>
  date(from) === date(to) ? `${clockTime(from)} – ${at(to)}` : `${at(from)} – ${at(to)}`;

export const placeKey = (p: LookPlace): string => `${p.file ?? ""}:${p.record}`;
