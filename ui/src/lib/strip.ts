/* SPDX-License-Identifier: Apache-2.0 */
/* Seven days of one measure in cells of four hours, from what the server told of them. The worst state of a cell is
   the cell's; minutes in which nobody looked are unknown, and what lies before the first look is no state at all. */
import type { Both, MeasureState, Spell } from "../api/types";

export const CELL_MS = 4 * 3600 * 1000;
export const DAYS = 7;
const PER_DAY = 6;
const OFFSET_MS = 7 * 3600 * 1000;
/* an evaluation lasts ten minutes; a shorter pause between two of them is no hole */
const LASTS_MS = 10 * 60 * 1000;

export interface Cell {
  from: number;
  to: number;
  /* null: before the first look, or still to come */
  state: MeasureState | null;
  reason: Both | null;
  future: boolean;
}

const BAD: Record<MeasureState, number> = { failed: 4, unknown: 3, attested: 2, met: 1, not_applicable: 0 };

/* Midnight in Hanoi of the first day shown. */
export function stripFrom(now: number): number {
  const local = now + OFFSET_MS;
  return local - (local % 86400000) - OFFSET_MS - (DAYS - 1) * 86400000;
}

function worst(spells: Spell[], from: number, to: number): Spell | null {
  let found: Spell | null = null;
  for (const s of spells) {
    if (Date.parse(s.to) < from || Date.parse(s.from) >= to) continue;
    if (!found || BAD[s.state] > BAD[found.state]) found = s;
  }
  return found;
}

/* Is some part of from..to, of which anything could be known, covered by no spell? */
function hole(spells: Spell[], from: number, to: number, now: number, first: number): boolean {
  let known = Math.max(from, first);
  const end = Math.min(to, now);
  for (const s of spells) {
    const begins = Date.parse(s.from);
    if (begins >= end) break;
    if (begins - known > LASTS_MS) return true;
    known = Math.max(known, Date.parse(s.to));
  }
  return end - known > LASTS_MS;
}

/* `first`: the first look ever, where the server told it; else that of the spells */
export function cells(spells: Spell[], now: number, first?: string | null): Cell[] {
  const begin = stripFrom(now);
  const looked = Date.parse(first ?? spells[0]?.from ?? "") || Infinity;
  return Array.from({ length: DAYS * PER_DAY }, (_, i) => {
    const from = begin + i * CELL_MS;
    const to = from + CELL_MS;
    if (from > now) return { from, to, state: null, reason: null, future: true };
    const w = worst(spells, from, to);
    const gap = hole(spells, from, to, now, looked);
    if (gap && (!w || BAD[w.state] < BAD.unknown)) return { from, to, state: "unknown", reason: null, future: false };
    return { from, to, state: w?.state ?? null, reason: w?.reason ?? null, future: false };
  });
}

/* For those who cannot see the strip: how many cells were in each state, in the order of badness. */
export function tally(all: Cell[]): [MeasureState, number][] {
  const n = new Map<MeasureState, number>();
  for (const c of all) if (c.state) n.set(c.state, (n.get(c.state) ?? 0) + 1);
  return [...n].sort((a, b) => BAD[b[0]] - BAD[a[0]]);
}
