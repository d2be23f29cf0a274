/* SPDX-License-Identifier: Apache-2.0 */
import type { ColumnGuess, IndicatorList, ListKind, ListPreview } from "../../api/types";
import { parseTime } from "../../lib/format";

export const KINDS: ListKind[] = ["infected", "c2", "attacker", "phishing", "known-good", "unknown"];
export const MEANINGS: ColumnGuess[] = [
  "ip",
  "domain",
  "url",
  "hash",
  "email",
  "file",
  "indicator",
  "note",
  "time",
  "number",
  "valid_from",
  "valid_until",
  "ignore",
];
const INDICATORS: ColumnGuess[] = ["ip", "domain", "url", "hash", "email", "file", "indicator"];

export interface Draft {
  name: string;
  kind: ListKind | "";
  letter: string;
  issuer: string;
  month: string;
  from: string;
  until: string;
  tlp: string;
}

export const EMPTY: Draft = { name: "", kind: "", letter: "", issuer: "", month: "", from: "", until: "", tlp: "" };

export type Mapping = Record<number, ColumnGuess>;

export const guessed = (p: ListPreview): Mapping => Object.fromEntries(p.columns.map((c) => [c.n, c.guess]));

/* `ip=3,note=4`, as the API and `canh list import --map` take it; ignored columns are not named. */
export function mapText(m: Mapping): string {
  return Object.entries(m)
    .filter(([, g]) => INDICATORS.includes(g) || ["note", "time", "valid_from", "valid_until"].includes(g))
    .map(([n, g]) => `${g}=${n}`)
    .join(",");
}

export const sameMapping = (a: Mapping, b: Mapping): boolean => mapText(a) === mapText(b);

/* "11/2026" -> "2026-11"; null when it is no month. */
export function monthText(text: string): string | null {
  const m = /^(\d{1,2})\/(\d{4})$/.exec(text.trim());
  const n = Number(m?.[1]);
  return m && n >= 1 && n <= 12 ? `${m[2]}-${String(n).padStart(2, "0")}` : null;
}

/* "2026-11" -> "11/2026" */
export function monthShown(iso: string | null): string {
  const m = /^(\d{4})-(\d{2})/.exec(iso ?? "");
  return m ? `${m[2]}/${m[1]}` : (iso ?? "");
}

export interface Wrong {
  name?: "lists.nameNeeded";
  kind?: "lists.kindNeeded";
  month?: "lists.badMonth";
  from?: "lists.badDate";
  until?: "lists.badDate";
}

export function check(d: Draft): Wrong {
  const w: Wrong = {};
  if (d.name.trim() === "") w.name = "lists.nameNeeded";
  if (d.kind === "") w.kind = "lists.kindNeeded";
  if (d.month.trim() !== "" && !monthText(d.month)) w.month = "lists.badMonth";
  if (d.from.trim() !== "" && !parseTime(d.from)) w.from = "lists.badDate";
  if (d.until.trim() !== "" && !parseTime(d.until)) w.until = "lists.badDate";
  return w;
}

export function importQuery(d: Draft, map: Mapping): Record<string, string | null> {
  return {
    name: d.name.trim().normalize("NFC"),
    kind: d.kind,
    letter: d.letter.trim(),
    issuer: d.issuer.trim().normalize("NFC"),
    month: monthText(d.month),
    from: d.from.trim() ? parseTime(d.from) : null,
    until: d.until.trim() ? parseTime(`${d.until.trim()} 23:59:59`) : null,
    tlp: d.tlp,
    map: mapText(map),
  };
}

export const expired = (l: Pick<IndicatorList, "valid_until">, now: number): boolean =>
  l.valid_until !== null && Date.parse(l.valid_until) < now;
