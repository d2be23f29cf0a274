/* SPDX-License-Identifier: Apache-2.0 */
/* What the list shows and in which order, apart from how it is drawn. */
import type { Query } from "../../api/client";
import type { Alert, AlertState, ClockValue, Severity } from "../../api/types";

export type Tab = "open" | "mine" | "closed" | "drill" | "exceptions";
export const TABS: Tab[] = ["open", "mine", "closed", "drill", "exceptions"];
export const OPEN_STATES: AlertState[] = ["new", "acknowledged", "verified_true"];
export const CLOSED_STATES: AlertState[] = ["verified_false", "handled"];
export const SEVERITIES: Severity[] = ["critical", "high", "medium", "low", "informational"];

export interface Filter {
  tab: Tab;
  q: string;
  severity: Severity[];
}

/* The states of a tab in the order of work; each is a section of the list with a cursor of its own, so that a
   million of one state do not stand before the first of the next. */
export const SECTIONS: Record<Exclude<Tab, "exceptions">, AlertState[]> = {
  open: OPEN_STATES,
  mine: OPEN_STATES,
  closed: CLOSED_STATES,
  drill: ["new", "acknowledged", "verified_true", "verified_false", "handled"],
};

export function toQuery(f: Filter, me: string, state: AlertState): Query {
  const q: Query = { q: f.q.trim().normalize("NFC"), severity: f.severity.join(","), state };
  if (f.tab === "closed") return { ...q, exercise: false };
  if (f.tab === "drill") return { ...q, exercise: true };
  if (f.tab === "mine") return { ...q, assignee: me, order: "clock" };
  return { ...q, exercise: false, order: "clock" };
}

/* The clock that runs now, with the start of its window. */
export function runningClock(a: Alert): { clock: ClockValue; from: string; kind: "acknowledge" | "handle" } | null {
  const { acknowledge, handle } = a.clocks;
  if (a.state === "new" && acknowledge?.due)
    return { clock: acknowledge, from: a.opened ?? a.first_seen, kind: "acknowledge" };
  if ((a.state === "acknowledged" || a.state === "verified_true") && handle?.due)
    return { clock: handle, from: a.opened ?? a.first_seen, kind: "handle" };
  return null;
}

export interface Section {
  state: AlertState;
  alerts: Alert[];
  /* how many there are in all, where the server told; null: as many as are loaded, or more */
  total: number | null;
  more: boolean;
  open: boolean;
}

export type Line =
  | { kind: "group"; state: AlertState; n: number; more: boolean; open: boolean }
  | { kind: "alert"; alert: Alert; section: AlertState };

/* A section without an alert is not shown; a closed one shows its head alone. */
export function lines(sections: Section[]): Line[] {
  return sections.flatMap((s) => {
    const n = s.total ?? s.alerts.length;
    if (n === 0 && s.alerts.length === 0) return [];
    const head: Line = { kind: "group", state: s.state, n, more: s.total === null && s.more, open: s.open };
    return [head, ...(s.open ? s.alerts.map((alert): Line => ({ kind: "alert", alert, section: s.state })) : [])];
  });
}

export function step(all: Line[], current: string | null, by: 1 | -1): string | null {
  const ids = all.flatMap((l) => (l.kind === "alert" ? [l.alert.id] : []));
  if (ids.length === 0) return null;
  const at = current === null ? -1 : ids.indexOf(current);
  if (at < 0) return ids[0] ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, at + by))] ?? null;
}

export const needsAction = (s: Severity): boolean => s === "critical" || s === "high";

export type Act = "ack" | "true" | "false" | "handle";

/* Which steps of new, acknowledged, verified, handled lie ahead; the first is the next one. */
export function acts(state: AlertState): Act[] {
  if (state === "new") return ["ack", "true", "false"];
  if (state === "acknowledged") return ["true", "false"];
  if (state === "verified_true") return ["handle", "false"];
  if (state === "verified_false") return ["handle", "true"];
  return [];
}

export const numberOf = (a: Pick<Alert, "number">): string =>
  typeof a.number === "number" ? `#${a.number}` : a.number;
