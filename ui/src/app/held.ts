/* SPDX-License-Identifier: Apache-2.0 */
/* The file that somebody holds out to the page. It stays in the browser until its page asks the server. */
import { useSyncExternalStore } from "react";

export interface Held {
  file: File;
  /* grows with each file, so that the same one held out again is looked at again */
  turn: number;
}

let held: Held | null = null;
let turn = 0;
const readers = new Set<() => void>();

const tell = (): void => readers.forEach((fn) => fn());

export function holdOut(file: File): void {
  held = { file, turn: ++turn };
  tell();
}

export function letGo(): void {
  held = null;
  tell();
}

const subscribe = (fn: () => void): (() => void) => {
  readers.add(fn);
  return () => readers.delete(fn);
};

export const useHeld = (): Held | null => useSyncExternalStore(subscribe, () => held);
