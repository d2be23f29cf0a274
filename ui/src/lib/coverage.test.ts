/* SPDX-License-Identifier: Apache-2.0 */
import { expect, test } from "vitest";
import type { Coverage, EventPage } from "../api/types";
import { readSoFar } from "./coverage";

const page = (coverage?: Partial<Coverage>): EventPage => ({
  items: [],
  next: null,
  coverage: coverage && { from: null, to: null, ...coverage },
});
const hole = { day: "2026-11-20", block: 3, reason: "x" };

test("pages add up, and damage that several met counts once", () => {
  const pages = [
    page({ from: "2026-11-20T00:00:00Z", blocks: 2, events_scanned: 300, damaged: [hole] }),
    page(),
    page({ blocks: 1, events_scanned: 50, damaged: [hole, { ...hole, block: 4 }] }),
  ];
  const got = readSoFar(pages);
  expect(got).toMatchObject({ from: "2026-11-20T00:00:00Z", blocks: 3, events_scanned: 350 });
  expect(got?.damaged).toHaveLength(2);
});

test("nothing told is nothing", () => {
  expect(readSoFar(undefined)).toBeUndefined();
  expect(readSoFar([page()])).toBeUndefined();
});
