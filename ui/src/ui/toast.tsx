/* SPDX-License-Identifier: Apache-2.0 */
/* One short message at a time: what happened, and how to undo it. Never for an error. */
import { useEffect, useState, useSyncExternalStore, type ReactElement } from "react";
import { useTranslation } from "react-i18next";

interface Message {
  id: number;
  text: string;
  undo?: () => void;
}

/* long enough to read it and to think better of it */
const UNDO_MS = 10_000;
const PLAIN_MS = 5000;

let current: Message | null = null;
let count = 0;
const readers = new Set<() => void>();

function set(next: Message | null): void {
  current = next;
  for (const r of readers) r();
}

export function toast(text: string, undo?: () => void): void {
  set({ id: ++count, text, ...(undo ? { undo } : {}) });
}

/* The undo of the message that stands there now: what the key does. */
export function undoLast(): void {
  const undo = current?.undo;
  if (!undo) return;
  set(null);
  undo();
}

const subscribe = (r: () => void): (() => void) => {
  readers.add(r);
  return () => readers.delete(r);
};

export function Toasts(): ReactElement {
  const { t } = useTranslation();
  const message = useSyncExternalStore(subscribe, () => current);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (!message || held) return undefined;
    const timer = setTimeout(() => set(null), message.undo ? UNDO_MS : PLAIN_MS);
    return () => clearTimeout(timer);
  }, [message, held]);
  return (
    <div role="status" aria-live="polite">
      {message && (
        <div className="toast" onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)}>
          <span>{message.text}</span>
          {message.undo && (
            <button type="button" onClick={undoLast}>
              {t("act.undo")} <kbd aria-hidden="true">U</kbd>
            </button>
          )}
        </div>
      )}
    </div>
  );
}
