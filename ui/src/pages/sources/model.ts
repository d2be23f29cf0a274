/* SPDX-License-Identifier: Apache-2.0 */
import type { Source } from "../../api/types";

type Counters = Pick<Source, "received" | "stored" | "pending" | "dropped">;

export const dropped = (s: Pick<Source, "dropped">): number =>
  Object.values(s.dropped ?? {}).reduce((a, b) => a + b, 0);
export const accounted = (s: Counters): number => s.stored + s.pending + dropped(s);
/* A pushing program is known by its token; the id of one tells nobody anything. */
export const shownPeer = (s: Pick<Source, "peer">): string | null =>
  s.peer && /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(s.peer) ? null : s.peer;

/* Everything received is stored, waiting, or counted as dropped: the first law, checked where it is shown. */
export const sumHolds = (s: Counters): boolean => s.received === accounted(s);

/* The end of a day of Viet Nam (UTC+7), "2027-02-10" -> the moment; null: no such day. */
export function endOfDay(day: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const at = new Date(`${day}T23:59:59+07:00`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
