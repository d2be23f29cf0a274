/* SPDX-License-Identifier: Apache-2.0 */
/* Single-letter keys. They are silent while somebody types, while a dialog is open and with Ctrl, Alt or Meta. */
import { useEffect, useRef } from "react";

export type KeyMap = Record<string, () => void>;

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

const dialogOpen = (): boolean => document.querySelector('[role="dialog"]') !== null;

export function useKeys(map: KeyMap, on = true): void {
  const held = useRef(map);
  useEffect(() => {
    held.current = map;
  });
  useEffect(() => {
    if (!on) return undefined;
    const press = (e: KeyboardEvent): void => {
      if (e.ctrlKey || e.altKey || e.metaKey || typing(e.target) || dialogOpen()) return;
      const act = held.current[e.key.length === 1 ? e.key.toLowerCase() : e.key];
      if (!act) return;
      /* Enter on a focused button or link is that button's own */
      if (e.key === "Enter" && e.target instanceof Element && e.target.closest("button, a")) return;
      e.preventDefault();
      act();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [on]);
}

const CHORD_MS = 1200;

/* Two keys one after the other, "g" then "b". The second never reaches the single-letter keys of a page. */
export function useChords(lead: string, map: KeyMap): void {
  const held = useRef(map);
  useEffect(() => {
    held.current = map;
  });
  useEffect(() => {
    let since = 0;
    const press = (e: KeyboardEvent): void => {
      if (e.ctrlKey || e.altKey || e.metaKey || typing(e.target) || dialogOpen()) return;
      const key = e.key.toLowerCase();
      const second = e.timeStamp - since < CHORD_MS;
      since = !second && key === lead ? e.timeStamp : -CHORD_MS;
      if (!second) return;
      e.preventDefault();
      e.stopImmediatePropagation();
      held.current[key]?.();
    };
    since = -CHORD_MS;
    window.addEventListener("keydown", press, true);
    return () => window.removeEventListener("keydown", press, true);
  }, [lead]);
}

/* The page of keys is opened by its key and by what is clicked. */
const openers = new Set<() => void>();
export function onOpenKeys(open: () => void): () => void {
  openers.add(open);
  return () => openers.delete(open);
}
export function openKeys(): void {
  for (const open of openers) open();
}
