/* SPDX-License-Identifier: Apache-2.0 */
/* Duty: the roster, how people are reached. */
import type { BadLine, Lang, Role } from "./types";

export interface Span {
  from: string;
  to: string;
}
export type Post = "watch" | "second" | "lead";
export interface Person {
  id: string;
  user: boolean;
  name: string;
  phone: string | null;
}
export interface Shift extends Span {
  id: string;
  person: Person;
  post: Post;
  note: string | null;
  entered: string;
  late: boolean;
}
export interface Overlap extends Span {
  kind: "same_post" | "same_person";
  shifts: string[];
}
export interface Duty extends Span {
  items: Shift[];
  gaps: Span[];
  overlaps: Overlap[];
}
export interface DutyNow {
  at: string;
  kept: boolean;
  covered: boolean;
  now: Shift[];
  next: { at: string; people: Shift[] } | null;
  gaps: Span[];
}
export interface DutyImport {
  rows: number;
  kept: number;
  twice: number;
  people: string[];
  bad: BadLine[];
  shifts: (Span & { line: number; post: Post; name: string })[];
}
/* Who can be put on duty or written to. */
export interface Reached {
  id: string;
  user: boolean;
  name: string;
  role: Role | null;
  phone: string | null;
  email: string | null;
  lang: Lang;
}
export interface BoardDuty {
  covered: boolean;
  now: { name: string; post: Post; phone: string | null; until: string }[];
  next: { at: string; names: string[] } | null;
  /* the next time in which nobody watches, within 7 days */
  gap: Span | null;
}
