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

export function toQuery(f: Filter, me: string): Query {
  const q: Query = { q: f.q.trim().normalize("NFC"), severity: f.severity.join(",") };
  if (f.tab === "closed") return { ...q, state: CLOSED_STATES.join(","), exercise: false };
  if (f.tab === "drill") return { ...q, exercise: true };
  if (f.tab === "mine") return { ...q, state: OPEN_STATES.join(","), assignee: me, order: "clock" };
  return { ...q, state: OPEN_STATES.join(","), exercise: false, order: "clock" };
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

export type Line = { kind: "group"; state: AlertState; n: number } | { kind: "alert"; alert: Alert };

const ORDER: AlertState[] = ["new", "acknowledged", "verified_true", "verified_false", "handled"];

/* Groups by state in the order of work; inside a group the server's order stays. */
export function group(alerts: Alert[]): Line[] {
  const lines: Line[] = [];
  for (const state of ORDER) {
    const own = alerts.filter((a) => a.state === state);
    if (own.length === 0) continue;
    lines.push({ kind: "group", state, n: own.length });
    for (const alert of own) lines.push({ kind: "alert", alert });
  }
  return lines;
}

export function step(lines: Line[], current: string | null, by: 1 | -1): string | null {
  const ids = lines.flatMap((l) => (l.kind === "alert" ? [l.alert.id] : []));
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
