/* SPDX-License-Identifier: Apache-2.0 */
/* The event query: words and `field:value`, joined by AND. Built and read here, so that a click on a field
   and a hand-typed query say the same. */

export interface Term {
  field: string | null;
  value: string;
}

/* Quotes where the value would otherwise end early or be read as something else. */
export function quote(value: string): string {
  if (value !== "" && !/[\s"():\\]/.test(value) && !/^(and|và)$/i.test(value)) return value;
  return `"${value.replace(/\\/g, "\\\\").replace(/"/g, '\\"')}"`;
}

export function termText(term: Term): string {
  return term.field === null ? quote(term.value) : `${term.field}:${quote(term.value)}`;
}

const TERM = /(?:([A-Za-z0-9_@.[\]-]+):)?("(?:[^"\\]|\\.)*"|[^\s"]+)/g;

export function parseQuery(text: string): Term[] {
  const terms: Term[] = [];
  for (const m of text.normalize("NFC").matchAll(TERM)) {
    const raw = m[2] ?? "";
    const value = raw.startsWith('"') ? raw.slice(1, -1).replace(/\\(.)/g, "$1") : raw;
    if (m[1] === undefined && !raw.startsWith('"') && /^(and|và)$/i.test(value)) continue;
    terms.push({ field: m[1] ?? null, value });
  }
  return terms;
}

/* Adds a term; the same term twice changes nothing. */
export function addTerm(text: string, term: Term): string {
  const kept = parseQuery(text).filter((t) => t.field !== term.field || t.value !== term.value);
  return [...kept, term].map(termText).join(" ");
}

export function dropTerm(text: string, at: number): string {
  return parseQuery(text)
    .filter((_, i) => i !== at)
    .map(termText)
    .join(" ");
}

/* The plain words of a query, for marking them in a row. */
export function words(text: string): string[] {
  return parseQuery(text)
    .flatMap((t) => t.value.split("*"))
    .filter((w) => w.length > 1);
}

const FOLD: Record<string, string> = { đ: "d", Đ: "d" };

/* Folding for comparison: case and Vietnamese marks off, one output letter for each input letter. */
export function fold(text: string): string {
  return Array.from(text.normalize("NFC"))
    .map((c) => FOLD[c] ?? (c.normalize("NFD")[0] ?? c).toLowerCase()[0] ?? c)
    .join("");
}

/* Fields of the common dictionary ("source.ip") before the names that a log used itself ("srcip"). */
export function inOrder<T>(fields: Record<string, T>): [string, T][] {
  const entries = Object.entries(fields);
  const common = ([name]: [string, T]): boolean => /^[a-z_]+(\.[a-z_0-9]+)+$/.test(name);
  return [...entries.filter(common), ...entries.filter((e) => !common(e))];
}

export interface Piece {
  text: string;
  hit: boolean;
}

/* The text cut where a word of the query stands in it. */
export function mark(text: string, wanted: string[]): Piece[] {
  const chars = Array.from(text.normalize("NFC"));
  const folded = chars.map((c) => fold(c));
  const flat = folded.join("");
  const hit = new Array<boolean>(chars.length).fill(false);
  for (const word of wanted) {
    const w = fold(word);
    if (w === "") continue;
    for (let at = flat.indexOf(w); at !== -1; at = flat.indexOf(w, at + w.length)) hit.fill(true, at, at + w.length);
  }
  const out: Piece[] = [];
  chars.forEach((c, i) => {
    const last = out[out.length - 1];
    const on = hit[i] ?? false;
    if (last && last.hit === on) last.text += c;
    else out.push({ text: c, hit: on });
  });
  return out;
}
