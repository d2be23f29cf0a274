/* SPDX-License-Identifier: Apache-2.0 */
/* One ticking clock for the whole page. It ticks only while something that shows a deadline or an age is mounted,
   and it goes by the server's time, which comes with every board: a wall screen's own clock may be wrong. */
import { useSyncExternalStore } from "react";

/* How far this machine's clock is behind the server's; less than this is the way of the answer, not the clock. */
const SMALL_MS = 1500;
let behind = 0;

export function tellServerTime(iso: string): void {
  const off = Date.parse(iso) - Date.now();
  if (!Number.isNaN(off)) behind = Math.abs(off) < SMALL_MS ? 0 : off;
}

export const serverNow = (): number => Date.now() + behind;
export const clockIsOff = (): boolean => behind !== 0;

function store(everyMs: number) {
  let now = serverNow();
  let timer: ReturnType<typeof setInterval> | null = null;
  const readers = new Set<() => void>();
  const tick = (): void => {
    now = serverNow();
    for (const r of readers) r();
  };
  return {
    subscribe(reader: () => void): () => void {
      readers.add(reader);
      if (!timer) {
        now = serverNow();
        timer = setInterval(tick, everyMs);
      }
      return () => {
        readers.delete(reader);
        if (readers.size === 0 && timer) {
          clearInterval(timer);
          timer = null;
        }
      };
    },
    read: (): number => now,
  };
}

const second = store(1000);
const slow = store(10_000);

/* For clocks that count down. */
export const useNow = (): number => useSyncExternalStore(second.subscribe, second.read);
/* For ages in words. */
export const useSlowNow = (): number => useSyncExternalStore(slow.subscribe, slow.read);
