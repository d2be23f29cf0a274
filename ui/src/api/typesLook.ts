/* SPDX-License-Identifier: Apache-2.0 */
/* What POST /look says of a file, as docs/openapi.yaml has it. */
import type { ListKind, ListPreview, Severity } from "./types";

export type LookKind = "log" | "list" | "unknown" | "unreadable";
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "8-bit" | "evtx" | "none";

/* Where a record stands: file is null in a file that is no archive, line in one that has none (EVTX). */
export interface LookPlace {
  file: string | null;
  record: number;
  line: number | null;
}
export interface LookHit extends LookPlace {
  time: string | null;
  host: string | null;
  field: string | null;
  matched: string | null;
  indicator: string | null;
  note: string | null;
  window: { from: string; to: string; events: number } | null;
  text: string;
}
export interface LookGroup {
  rule: { id: string; title: string; title_vi: string | null; tags: string[] } | null;
  list: { id: string; name: string; kind: ListKind; letter: string | null } | null;
  severity: Severity;
  use: "count" | "context" | "group" | "alert";
  excepted: boolean;
  count: number;
  first: string | null;
  last: string | null;
  hits: LookHit[];
}
export interface LookFile {
  name: string | null;
  encoding: Encoding;
  bytes: number;
  records: number;
  bad: number;
  lost: string | null;
}
export interface LookBad extends LookPlace {
  reason: string;
  text: string;
}
export interface LookTimeline {
  from: string;
  step_s: number;
  events: number[];
  hits: number[];
}
export interface Look {
  kind: LookKind;
  bytes: number;
  list: ListPreview | null;
  files_total: number;
  files: LookFile[];
  formats: { name: string; title: string; records: number }[];
  records: number;
  bad: number;
  untimed: number;
  first: string | null;
  last: string | null;
  hosts_total: number;
  hosts_more: boolean;
  hosts: { name: string; records: number }[];
  not_understood: LookBad[];
  timeline: LookTimeline | null;
  hits: number;
  groups_total: number;
  groups: LookGroup[];
  rules: number;
  lists: number;
  undecided: number;
  stopped: boolean;
  lost: string | null;
}
export interface Kept {
  received: number;
  stored: number;
  dropped: Record<string, number>;
  files: number;
  lost: { file: string | null; reason: string }[];
}
