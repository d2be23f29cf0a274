/* SPDX-License-Identifier: Apache-2.0 */
/* Every key in both languages, with the same blanks to fill, in composed Unicode. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { en } from "./en";
import { vi } from "./vi";

function flatten(value: unknown, path = ""): Map<string, string> {
  const out = new Map<string, string>();
  if (typeof value === "string") return out.set(path, value);
  for (const [k, v] of Object.entries(value as Record<string, unknown>))
    for (const [p, text] of flatten(v, path ? `${path}.${k}` : k)) out.set(p, text);
  return out;
}

function cFiles(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => {
    const path = join(dir, e.name);
    return e.isDirectory() ? cFiles(path) : e.name.endsWith(".c") && !/_(test|fuzz)\.c$/.test(e.name) ? [path] : [];
  });
}

const texts = { vi: flatten(vi), en: flatten(en) };
const blanks = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1] ?? "").sort();

function files(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => {
    const path = join(dir, e.name);
    return e.isDirectory() ? files(path) : /\.tsx?$/.test(e.name) && !e.name.endsWith(".test.ts") ? [path] : [];
  });
}

describe("the two languages", () => {
  it("hold the same keys", () => expect([...texts.en.keys()].sort()).toEqual([...texts.vi.keys()].sort()));
  it("hold the same blanks", () => {
    for (const [key, text] of texts.vi) expect(blanks(texts.en.get(key) ?? ""), key).toEqual(blanks(text));
  });
  it("are composed (NFC), trimmed and not empty", () => {
    for (const map of [texts.vi, texts.en])
      for (const [key, text] of map) {
        expect(text, key).toBe(text.normalize("NFC").trim());
        expect(text.length, key).toBeGreaterThan(0);
      }
  });
  it("no state is called clean or safe", () => {
    for (const [key, text] of texts.vi)
      expect(/\bsạch\b|an toàn\b/i.test(text) && key.startsWith("state."), key).toBe(false);
  });
});

describe("the source", () => {
  const sources = files(join(__dirname, ".."));
  it("is NFC throughout", () => {
    for (const f of sources) {
      const text = readFileSync(f, "utf8");
      expect(text === text.normalize("NFC"), f).toBe(true);
    }
  });
  it("asks only for keys that exist", () => {
    for (const f of sources)
      for (const m of readFileSync(f, "utf8").matchAll(/\bt\("([A-Za-z0-9_.]+)"/g))
        expect(texts.vi.has(m[1] ?? ""), `${f}: ${m[1]}`).toBe(true);
  });
});

/* The kinds of ledger entries that the program writes, found in its source: names with a dot where the
 * ledger is written to, and the acts on alerts. */
describe("the ledger", () => {
  const NO_KINDS = /\.(key|pem|id|unit|site)$/;
  const code = cFiles(join(__dirname, "../../../src")).map((f) => readFileSync(f, "utf8"));
  const kinds = new Set<string>();
  for (const text of code.filter((c) => /ledger_note|ledger_append|access_note|alert_step/.test(c))) {
    for (const m of text.matchAll(/"([a-z_]+\.[a-z_]+)"/g)) if (!NO_KINDS.test(m[1] ?? "")) kinds.add(m[1] ?? "");
    const acts = [
      ...text.matchAll(/\bstep\(\s*c,\s*(?:\w+ \? "(\w+)" : )?"(\w+)"|alert_step \w+ = \{\s*"(\w+)"/g),
    ].flatMap((m) => m.slice(1));
    for (const act of acts) if (act) kinds.add(`alert.${act}`);
  }
  it("is found in the source", () => {
    for (const known of [
      "alert.verified_true",
      "alert.opened",
      "alert.undone",
      "own_addresses.checked",
      "user.renamed",
    ])
      expect(kinds, known).toContain(known);
    expect(kinds.size).toBeGreaterThan(60);
  });
  it("has words for each of its kinds", () => {
    for (const kind of kinds) expect(texts.vi.has(`kinds.${kind.replace(".", "_")}`), kind).toBe(true);
  });
  it("has no words for kinds that are not written", () => {
    const written = new Set([...kinds].map((k) => `kinds.${k.replace(".", "_")}`));
    for (const key of texts.vi.keys()) expect(!key.startsWith("kinds.") || written.has(key), key).toBe(true);
  });
});
