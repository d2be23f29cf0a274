/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from "vitest";
import { facets, readRange, seconds } from "./range";

const asked = Date.parse("2024-02-11T00:00:00Z");

describe("ranges", () => {
  it("counts a preset back from the question", () =>
    expect(readRange(new URLSearchParams("range=1h"), asked)).toEqual({
      preset: "1h",
      from: "2024-02-10T23:00:00.000Z",
      to: null,
    }));
  it("falls back to a day", () => expect(readRange(new URLSearchParams("range=9y"), asked).preset).toBe("24h"));
  it("all is all", () => expect(readRange(new URLSearchParams("range=all"), asked).from).toBeNull());
  it("a given time wins", () =>
    expect(readRange(new URLSearchParams("range=1h&from=2024-01-01T00:00:00Z"), asked).preset).toBe("custom"));
  it("seconds", () => {
    expect(seconds("7d")).toBe(604800);
    expect(seconds("all")).toBeNull();
  });
});

describe("facets", () => {
  it("counts what is loaded, most frequent first", () => {
    const rows = [
      { fields: { "host.name": "a" } },
      { fields: { "host.name": "b" } },
      { fields: { "host.name": ["b", "c"] } },
      { fields: {} },
    ];
    expect(facets(rows)).toEqual([
      {
        field: "host.name",
        distinct: 2,
        top: [
          { value: "b", n: 2 },
          { value: "a", n: 1 },
        ],
      },
    ]);
  });
});
