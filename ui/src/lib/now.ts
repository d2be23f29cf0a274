/* SPDX-License-Identifier: Apache-2.0 */
/* One ticking clock for the whole page. It ticks only while something that shows a deadline or an age is mounted,
   and it is set by the server's time when a board or a health answer brings it. */
import { useSyncExternalStore } from "react";

function store(everyMs: number) {
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | null = null;
  const readers = new Set<() => void>();
  const tick = (): void => {
    now = Date.now();
    for (const r of readers) r();
  };
  return {
    subscribe(reader: () => void): () => void {
      readers.add(reader);
      if (!timer) {
        now = Date.now();
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
