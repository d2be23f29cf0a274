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
