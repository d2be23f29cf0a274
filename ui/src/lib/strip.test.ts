/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from "vitest";
import type { MeasureState, Spell } from "../api/types";
import { cells, stripFrom, tally } from "./strip";

const now = Date.parse("2026-11-22T10:30:00+07:00");
const at = (text: string): string => new Date(Date.parse(`${text}+07:00`)).toISOString();
const spell = (from: string, to: string, state: MeasureState): Spell => ({
  from: at(from),
  to: at(to),
  state,
  reason: { vi: state, en: state },
});
const short = (spells: Spell[]): string =>
  cells(spells, now)
    .map((c) => (c.future ? "." : c.state ? c.state[0] : "-"))
    .join("")
    .replace(/(.{6})/g, "$1 ")
    .trim();

describe("the strip of a measure", () => {
  it("begins at midnight six days ago, in Hanoi", () =>
    expect(new Date(stripFrom(now)).toISOString()).toBe("2026-11-15T17:00:00.000Z"));
  it("is unknown from the first look on, also where that lies before the week", () => {
    const today = [spell("2026-11-22T08:00:00", "2026-11-22T10:29:00", "failed")];
    const states = cells(today, now, at("2026-10-24T08:00:00")).map((c) => c.state);
    expect(states.slice(0, 38)).toEqual(Array(38).fill("unknown"));
    expect(states[38]).toBe("failed");
  });
  it.each<[string, Spell[], string]>([
    ["nothing was ever evaluated", [], "------ ------ ------ ------ ------ ------ ---..."],
    [
      "what goes on to now",
      [spell("2026-11-21T09:00:00", "2026-11-22T10:29:00", "met")],
      "------ ------ ------ ------ ------ --mmmm mmm...",
    ],
    [
      "the worst of a cell wins",
      [
        spell("2026-11-22T00:00:00", "2026-11-22T05:00:00", "met"),
        spell("2026-11-22T05:01:00", "2026-11-22T05:05:00", "failed"),
        spell("2026-11-22T05:06:00", "2026-11-22T10:29:00", "met"),
      ],
      "------ ------ ------ ------ ------ ------ mfm...",
    ],
    [
      "where nobody looked is unknown, before the first look is nothing",
      [
        spell("2026-11-21T20:00:00", "2026-11-21T22:00:00", "met"),
        spell("2026-11-22T08:00:00", "2026-11-22T10:29:00", "met"),
      ],
      "------ ------ ------ ------ ------ -----u uum...",
    ],
    [
      "a failure is not hidden by a hole",
      [spell("2026-11-22T08:00:00", "2026-11-22T08:05:00", "failed")],
      "------ ------ ------ ------ ------ ------ --f...",
    ],
    [
      "looked no more",
      [spell("2026-11-22T00:00:00", "2026-11-22T03:00:00", "met")],
      "------ ------ ------ ------ ------ ------ uuu...",
    ],
  ])("%s", (_, spells, want) => expect(short(spells)).toBe(want));
  it("is told in words, the worst first", () =>
    expect(
      tally(
        cells(
          [
            spell("2026-11-22T00:00:00", "2026-11-22T05:00:00", "met"),
            spell("2026-11-22T05:01:00", "2026-11-22T10:29:00", "failed"),
          ],
          now,
        ),
      ),
    ).toEqual([
      ["failed", 2],
      ["met", 1],
    ]));
});
