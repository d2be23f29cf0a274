/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from "vitest";
import { check, EMPTY, expired, importQuery, mapText, monthShown, monthText } from "./model";

describe("column mapping", () => {
  it("names what is used, leaves out numbers and ignored columns", () =>
    expect(mapText({ 1: "number", 2: "ignore", 3: "ip", 4: "note", 5: "time" })).toBe("ip=3,note=4,time=5"));
  it("names when a line is valid", () =>
    expect(mapText({ 1: "ip", 2: "valid_from", 3: "valid_until" })).toBe("ip=1,valid_from=2,valid_until=3"));
});

describe("months", () => {
  it.each([
    ["11/2026", "2026-11"],
    ["1/2024", "2024-01"],
    ["13/2026", null],
    ["2026", null],
  ])("%s", (text, want) => expect(monthText(text)).toBe(want));
  it("shown the Vietnamese way", () => expect(monthShown("2026-11")).toBe("11/2026"));
});

describe("the form", () => {
  it("needs a name and a kind", () =>
    expect(check(EMPTY)).toEqual({ name: "lists.nameNeeded", kind: "lists.kindNeeded" }));
  it("refuses what is no date", () =>
    expect(check({ ...EMPTY, name: "a", kind: "c2", until: "mai" })).toEqual({ until: "lists.badDate" }));
  it("a day counts to its end", () =>
    expect(importQuery({ ...EMPTY, name: "a", kind: "c2", until: "31/12/2026" }, {}).until).toBe(
      "2026-12-31T16:59:59.000Z",
    ));
});

it("a list without an end never expires", () => {
  expect(expired({ valid_until: null }, 0)).toBe(false);
  expect(expired({ valid_until: "2024-01-01T00:00:00Z" }, Date.parse("2024-01-02T00:00:00Z"))).toBe(true);
});
