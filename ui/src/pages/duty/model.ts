/* SPDX-License-Identifier: Apache-2.0 */
/* What the roster works out: days of shifts with the gaps between them, and a shift that is repeated day by day. */
import type { Duty, Post, Shift, Span } from "../../api/types";
import { date, parseTime } from "../../lib/format";

export const POSTS: Post[] = ["watch", "second", "lead"];
const DAY_MS = 86_400_000;

export type Row = { kind: "shift"; at: number; shift: Shift } | { kind: "gap"; at: number; gap: Span };

/* By the day they begin on, gaps among the shifts. */
export function days(duty: Duty): { day: string; rows: Row[] }[] {
  const rows: Row[] = [
    ...duty.items.map((shift): Row => ({ kind: "shift", at: Date.parse(shift.from), shift })),
    ...duty.gaps.map((gap): Row => ({ kind: "gap", at: Date.parse(gap.from), gap })),
  ].sort((a, b) => a.at - b.at);
  const out: { day: string; rows: Row[] }[] = [];
  for (const row of rows) {
    const day = date(row.at);
    const last = out.at(-1);
    if (last?.day === day) last.rows.push(row);
    else out.push({ day, rows: [row] });
  }
  return out;
}

export interface ShiftForm {
  person: string;
  post: Post;
  from: string;
  to: string;
  days: string;
  note: string;
}

/* "23/11/2026 19:00" to the moments; null: it cannot be read, or ends before it begins. */
export function spanOf(f: Pick<ShiftForm, "from" | "to">): Span | null {
  const from = parseTime(f.from);
  const to = parseTime(f.to);
  return from && to && Date.parse(to) > Date.parse(from) ? { from, to } : null;
}

/* The same hours on so many days. */
export function repeated(span: Span, n: number): Span[] {
  const later = (iso: string, i: number): string => new Date(Date.parse(iso) + i * DAY_MS).toISOString();
  return Array.from({ length: n }, (_, i) => ({ from: later(span.from, i), to: later(span.to, i) }));
}

export interface Block {
  left: number;
  width: number;
}

/* Where a span stands in a window, in parts of a hundred; null: outside. */
export function blockOf(span: Span, window: Span): Block | null {
  const [a, b] = [Date.parse(window.from), Date.parse(window.to)];
  const from = Math.max(a, Date.parse(span.from));
  const to = Math.min(b, Date.parse(span.to));
  if (to <= from) return null;
  return { left: ((from - a) / (b - a)) * 100, width: ((to - from) / (b - a)) * 100 };
}
