/* SPDX-License-Identifier: Apache-2.0 */
/* What a search has read so far: each page tells what it was the first to read. */
import type { Coverage, EventPage } from "../api/types";

const sum = (all: Coverage[], n: (c: Coverage) => number | undefined): number =>
  all.reduce((before, c) => before + (n(c) ?? 0), 0);

export function readSoFar(pages: EventPage[] | undefined): Coverage | undefined {
  const told = pages?.flatMap((p) => p.coverage ?? []) ?? [];
  const first = told[0];
  if (!first) return undefined;
  const damaged = new Map(told.flatMap((c) => c.damaged ?? []).map((d) => [`${d.day} ${d.block ?? 0}`, d]));
  return {
    ...first,
    blocks: sum(told, (c) => c.blocks),
    events_scanned: sum(told, (c) => c.events_scanned),
    damaged: [...damaged.values()],
  };
}
