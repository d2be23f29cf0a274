/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from "vitest";
import { isNew, parseChoice, SILENT } from "./bell";

describe("the choice of a browser", () => {
  const cases: [string, string | null, unknown][] = [
    ["nothing was chosen", null, SILENT],
    ["no JSON", "{", SILENT],
    ["another shape", '{"sound":"high"}', SILENT],
    [
      "unknown severities are left out",
      '{"sound":["high","x"],"notify":["low"]}',
      { sound: ["high"], notify: ["low"] },
    ],
  ];
  for (const [name, text, want] of cases) it(name, () => expect(parseChoice(text)).toEqual(want));
});

describe("what it rings for", () => {
  const now = Date.parse("2026-11-23T00:00:00Z");
  const alert = (state: "new" | "acknowledged", opened: string): Parameters<typeof isNew>[0] => ({
    id: opened + state,
    state,
    opened,
    first_seen: "2026-11-01T00:00:00Z",
  });
  it("a new one", () => expect(isNew(alert("new", "2026-11-22T23:59:30Z"), now)).toBe(true));
  it("not one that is acknowledged", () =>
    expect(isNew(alert("acknowledged", "2026-11-22T23:59:30Z"), now)).toBe(false));
  it("not one of an hour ago", () => expect(isNew(alert("new", "2026-11-22T23:00:00Z"), now)).toBe(false));
});
