/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers, dates and spans the Vietnamese way in both languages: 4.454, 77,8 %, 02:14, 11/02/2024.
   The zone is Asia/Ho_Chi_Minh, always: an officer compares a page with a paper, not with his laptop. */
import { currentLang } from "../i18n/lang";

export const ZONE = "Asia/Ho_Chi_Minh";
const OFFSET_MS = 7 * 3600 * 1000; /* no daylight saving since 1975 */
const DAY = 86400;

export function num(n: number | null | undefined, digits = 0): string {
  if (n === null || n === undefined || !Number.isFinite(n)) return "–";
  const [whole = "0", part] = Math.abs(n).toFixed(digits).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ".");
  return (n < 0 ? "−" : "") + grouped + (part ? `,${part}` : "");
}

export function percent(n: number, of: number): string {
  return of > 0 ? `${num((n / of) * 100, 1)} %` : "–";
}

export function bytes(n: number | null | undefined): string {
  if (n === null || n === undefined) return "–";
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let v = n;
  let i = 0;
  while (v >= 1024 && i < units.length - 1) {
    v /= 1024;
    i++;
  }
  return `${num(v, i > 0 && v < 100 ? 1 : 0)} ${units[i] ?? ""}`;
}

interface Parts {
  y: string;
  mo: string;
  d: string;
  h: string;
  mi: string;
  s: string;
  weekday: number;
}

function parts(ms: number): Parts {
  const t = new Date(ms + OFFSET_MS);
  const p2 = (v: number): string => String(v).padStart(2, "0");
  return {
    y: String(t.getUTCFullYear()),
    mo: p2(t.getUTCMonth() + 1),
    d: p2(t.getUTCDate()),
    h: p2(t.getUTCHours()),
    mi: p2(t.getUTCMinutes()),
    s: p2(t.getUTCSeconds()),
    weekday: t.getUTCDay(),
  };
}

export function date(iso: string | number | null | undefined): string {
  const p = split(iso);
  return p ? `${p.d}/${p.mo}/${p.y}` : "–";
}

/* A day of the store, "2026-11-20", the Vietnamese way; it is no point in time, so no zone touches it. */
export function day(text: string): string {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return m ? `${m[3]}/${m[2]}/${m[1]}` : text;
}

export function clockTime(iso: string | number | null | undefined, seconds = true): string {
  const p = split(iso);
  if (!p) return "–";
  return seconds ? `${p.h}:${p.mi}:${p.s}` : `${p.h}:${p.mi}`;
}

/* Microseconds as the server gives them: Date would cut them to milliseconds. */
export function fraction(iso: string, digits = 3): string {
  const m = /\.(\d+)/.exec(iso);
  return (m?.[1] ?? "").padEnd(digits, "0").slice(0, digits);
}

export function exact(iso: string | null | undefined): string {
  const p = split(iso);
  if (!p || !iso) return "–";
  const part = fraction(iso, 6).replace(/^0+$/, "");
  return `${p.h}:${p.mi}:${p.s}${part && "."}${part} ${p.d}/${p.mo}/${p.y} (UTC+7)`;
}

/* From when to when, to the millisecond, the day once where it is the same. */
export function exactSpan(from: string, to: string): string {
  const at = (iso: string): string => `${clockTime(iso)}.${fraction(iso)}`;
  const same = date(from) === date(to);
  return same ? `${at(from)} – ${at(to)} ${date(to)}` : `${at(from)} ${date(from)} – ${at(to)} ${date(to)}`;
}

export function dateTime(iso: string | null | undefined): string {
  const p = split(iso);
  return p ? `${p.h}:${p.mi} ${p.d}/${p.mo}/${p.y}` : "–";
}

function split(iso: string | number | null | undefined): Parts | null {
  if (iso === null || iso === undefined || iso === "") return null;
  const ms = typeof iso === "number" ? iso : Date.parse(iso);
  return Number.isNaN(ms) ? null : parts(ms);
}

const WEEKDAY = {
  vi: ["CN", "Thứ 2", "Thứ 3", "Thứ 4", "Thứ 5", "Thứ 6", "Thứ 7"],
  en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
};

/* The end of a span: its day only where it is another one than that of the begin. */
export function until(from: string | number, to: string): string {
  return date(from) === date(to) ? clockTime(to, false) : `${clockTime(to, false)} ${(date(to) ?? "").slice(0, 5)}`;
}

export function weekday(ms: number): string {
  return WEEKDAY[currentLang()][parts(ms).weekday] ?? "";
}

const UNITS = {
  vi: {
    s: "giây",
    m: "phút",
    h: "giờ",
    d: "ngày",
    ago: (t: string) => `${t} trước`,
    later: (t: string) => `sau ${t}`,
    now: "vừa xong",
  },
  en: {
    s: "s",
    m: "min",
    h: "h",
    d: "d",
    ago: (t: string) => `${t} ago`,
    later: (t: string) => `in ${t}`,
    now: "just now",
  },
};

/* One unit, rounded down: an age is never made to look younger than it is by more than its unit. */
export function span(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
  const u = UNITS[currentLang()];
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return `${s} ${u.s}`;
  if (s < 3600) return `${Math.floor(s / 60)} ${u.m}`;
  if (s < 2 * DAY) return `${Math.floor(s / 3600)} ${u.h}`;
  return `${num(Math.floor(s / DAY))} ${u.d}`;
}

export function ago(iso: string | null | undefined, now: number): string {
  if (!iso) return "–";
  const s = (now - Date.parse(iso)) / 1000;
  if (Number.isNaN(s)) return "–";
  const u = UNITS[currentLang()];
  if (s > -5 && s < 5) return u.now;
  return s < 0 ? u.later(span(-s)) : u.ago(span(s));
}

/* 3:38, 1:12:40; days are told as such so that "63:40:00" never has to be read. */
export function countdown(seconds: number): string {
  const s = Math.floor(Math.abs(seconds));
  const p2 = (v: number): string => String(v).padStart(2, "0");
  const h = Math.floor(s / 3600);
  if (h >= 48) return span(s);
  const mi = Math.floor((s % 3600) / 60);
  return h > 0 ? `${h}:${p2(mi)}:${p2(s % 60)}` : `${mi}:${p2(s % 60)}`;
}

export function lag(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return "–";
  return ms < 1000 ? `${num(ms)} ms` : span(ms / 1000);
}

/* "11/02/2024 02:14[:18]", "02:14 11/02/2024", "11/02/2024" or RFC 3339, in Vietnam's zone. Null when it is none of them. */
export function parseTime(text: string): string | null {
  const t = text.trim();
  if (/^\d{4}-\d{2}-\d{2}T/.test(t)) return Number.isNaN(Date.parse(t)) ? null : new Date(t).toISOString();
  const day = /(\d{1,2})\/(\d{1,2})\/(\d{4})/.exec(t);
  if (!day) return null;
  const clock = /(\d{1,2}):(\d{2})(?::(\d{2}))?/.exec(t);
  const rest = t.replace(day[0], "").replace(clock?.[0] ?? "", "");
  if (rest.trim() !== "") return null;
  const [d, mo, y] = [Number(day[1]), Number(day[2]), Number(day[3])];
  const [h, mi, s] = [Number(clock?.[1] ?? 0), Number(clock?.[2] ?? 0), Number(clock?.[3] ?? 0)];
  const ms = Date.UTC(y, mo - 1, d, h, mi, s) - OFFSET_MS;
  const back = parts(ms);
  if (Number(back.d) !== d || Number(back.mo) !== mo || h > 23 || mi > 59 || s > 59) return null;
  return new Date(ms).toISOString();
}

/* What the custom-range inputs show, and parseTime reads back. */
export function inputTime(iso: string | null | undefined): string {
  const p = split(iso);
  return p ? `${p.d}/${p.mo}/${p.y} ${p.h}:${p.mi}:${p.s}` : "";
}
