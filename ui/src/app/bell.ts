/* SPDX-License-Identifier: Apache-2.0 */
/* A sound and a notification for new alerts, chosen in each browser for each severity; off until somebody turns it
   on. The sound is made here and the notification is the browser's own: no request leaves the machine. */
import type { Alert, Severity } from "../api/types";

export interface BellChoice {
  sound: Severity[];
  notify: Severity[];
}
export const SEVERITIES: Severity[] = ["critical", "high", "medium", "low", "informational"];
export const SILENT: BellChoice = { sound: [], notify: [] };

const KEY = "canh.bell";
/* one that was opened longer ago is told by the list, not by the bell: a page that comes back does not ring */
const FRESH_MS = 120_000;
/* one tab rings, the others see that it does */
const ONE_TAB_MS = 5000;

let choice: BellChoice | null = null;
const readers = new Set<() => void>();
const rung = new Set<string>();

const severities = (v: unknown): Severity[] => (Array.isArray(v) ? SEVERITIES.filter((s) => v.includes(s)) : []);

export function parseChoice(text: string | null): BellChoice {
  try {
    const v = JSON.parse(text ?? "null") as Partial<BellChoice> | null;
    return { sound: severities(v?.sound), notify: severities(v?.notify) };
  } catch {
    return SILENT; /* whatever stands there is none of ours */
  }
}

export function bellChoice(): BellChoice {
  choice ??= parseChoice(localStorage.getItem(KEY));
  return choice;
}

export function chooseBell(next: BellChoice): void {
  choice = next;
  localStorage.setItem(KEY, JSON.stringify(next));
  for (const r of readers) r();
}

export function onBell(reader: () => void): () => void {
  readers.add(reader);
  return () => readers.delete(reader);
}

/* Is it one to ring for: new, opened just now, and not rung for before? */
export function isNew(alert: Pick<Alert, "id" | "state" | "opened" | "first_seen">, now: number): boolean {
  if (alert.state !== "new" || rung.has(alert.id)) return false;
  const at = Date.parse(alert.opened ?? alert.first_seen);
  return now - at < FRESH_MS;
}

let audio: AudioContext | null = null;

/* Three notes for the highest, two, one: known without looking. */
const NOTES: Record<Severity, number[]> = {
  critical: [988, 784, 988, 784],
  high: [880, 880],
  medium: [660],
  low: [520],
  informational: [440],
};
const NOTE_S = 0.22;

/* False: the browser does not let a page sound before somebody touched it. */
export async function playBell(severity: Severity): Promise<boolean> {
  audio ??= new AudioContext();
  if (audio.state === "suspended") await Promise.race([audio.resume(), new Promise((done) => setTimeout(done, 300))]);
  if (audio.state !== "running") return false;
  const out = audio;
  NOTES[severity].forEach((hertz, i) => {
    const from = out.currentTime + i * NOTE_S;
    const tone = out.createOscillator();
    const gain = out.createGain();
    tone.type = "triangle";
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(0.35, from + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, from + NOTE_S);
    tone.connect(gain).connect(out.destination);
    tone.start(from);
    tone.stop(from + NOTE_S);
  });
  return true;
}

export const canNotify = (): boolean => typeof Notification !== "undefined" && window.isSecureContext;
export const notifyAllowed = (): boolean => canNotify() && Notification.permission === "granted";

export function showNotice(title: string, body: string, tag: string, onClick: () => void): boolean {
  if (!notifyAllowed()) return false;
  const notice = new Notification(title, { body, tag });
  notice.onclick = () => {
    window.focus();
    onClick();
    notice.close();
  };
  return true;
}

async function alone(name: string, run: () => void): Promise<void> {
  if (!("locks" in navigator)) {
    run();
    return;
  }
  await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    run();
    await new Promise((done) => setTimeout(done, ONE_TAB_MS));
  });
}

export interface BellWords {
  title: string;
  body: string;
}

/* Told of every alert that the stream brings. */
export function bellHears(alert: Alert, now: number, words: (a: Alert) => BellWords, open: (a: Alert) => void): void {
  const { sound, notify } = bellChoice();
  if (!isNew(alert, now)) return;
  rung.add(alert.id);
  const rings = sound.includes(alert.severity);
  const shows = notify.includes(alert.severity);
  if (!rings && !shows) return;
  void alone(`canh.bell.${alert.id}`, () => {
    const { title, body } = words(alert);
    if (rings) void playBell(alert.severity);
    if (shows) showNotice(title, body, alert.id, () => open(alert));
  });
}
