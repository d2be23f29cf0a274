/* SPDX-License-Identifier: Apache-2.0 */
import { expect, it } from "vitest";
import type { Duty, Shift } from "../../api/types";
import { blockOf, days, repeated, spanOf } from "./model";

const span = (from: string, to: string): { from: string; to: string } => ({ from, to });

it("a day holds its shifts and gaps by their begin", () => {
  const shift = { id: "1", ...span("2026-11-23T00:00:00Z", "2026-11-23T12:00:00Z") } as Shift;
  const duty: Duty = {
    ...span("2026-11-22T00:00:00Z", "2026-11-25T00:00:00Z"),
    items: [shift],
    gaps: [span("2026-11-23T12:00:00Z", "2026-11-23T17:30:00Z"), span("2026-11-23T18:00:00Z", "2026-11-24T00:00:00Z")],
    overlaps: [],
  };
  expect(days(duty).map((d) => [d.day, d.rows.map((r) => r.kind)])).toEqual([
    ["23/11/2026", ["shift", "gap"]],
    ["24/11/2026", ["gap"]],
  ]);
});

it("what was typed is read in Vietnam's zone, and must end after it begins", () => {
  expect(spanOf(span("23/11/2026 19:00", "24/11/2026 07:00"))).toEqual(
    span("2026-11-23T12:00:00.000Z", "2026-11-24T00:00:00.000Z"),
  );
  expect(spanOf(span("24/11/2026 07:00", "23/11/2026 19:00"))).toBeNull();
  expect(spanOf(span("mai", "24/11/2026"))).toBeNull();
});

it("the same hours on the days after", () =>
  expect(repeated(span("2026-11-23T12:00:00.000Z", "2026-11-24T00:00:00.000Z"), 2)[1]).toEqual(
    span("2026-11-24T12:00:00.000Z", "2026-11-25T00:00:00.000Z"),
  ));

it("a block is cut at the window", () => {
  const window = span("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z");
  expect(blockOf(span("2026-11-22T12:00:00Z", "2026-11-23T06:00:00Z"), window)).toEqual({ left: 0, width: 25 });
  expect(blockOf(span("2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z"), window)).toBeNull();
});
