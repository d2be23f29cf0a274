/* SPDX-License-Identifier: Apache-2.0 */
import { beforeEach, describe, expect, it } from "vitest";
import { rememberLang } from "../i18n/lang";
import { lunar, lunarText } from "./lunar";

const noon = (day: string): number => Date.parse(`${day}T12:00:00+07:00`);
beforeEach(() => rememberLang("vi"));

describe("the first day of the year", () => {
  /* 1985, 2007 and 2030: Hanoi's new moon falls on another day than Beijing's, in 1985 by a whole month */
  it.each([
    "1985-01-21",
    "2007-02-17",
    "2020-01-25",
    "2021-02-12",
    "2022-02-01",
    "2023-01-22",
    "2024-02-10",
    "2025-01-29",
    "2026-02-17",
    "2027-02-06",
    "2028-01-26",
    "2029-02-13",
    "2030-02-02",
  ])("%s", (day) => {
    const { day: d, month, leap, year } = lunar(noon(day));
    expect([d, month, leap, year]).toEqual([1, 1, false, Number(day.slice(0, 4))]);
  });
});

describe("leap months", () => {
  it.each([
    ["2020-05-23", 1, 4],
    ["2023-03-22", 1, 2],
    ["2025-07-25", 1, 6],
    ["2028-06-23", 1, 5],
  ])("%s begins the leap month", (day, d, m) =>
    expect(lunar(noon(day))).toMatchObject({ day: d, month: m, leap: true }),
  );
  it("the month after it counts on", () =>
    expect(lunar(noon("2023-04-20"))).toEqual({ day: 1, month: 3, leap: false, year: 2023 }));
});

describe("in words", () => {
  it.each([
    ["2024-02-11", "Mùng 2 Tết"],
    ["2024-02-09", "30 Tết"],
    ["2026-11-22", "14/10 âm lịch"],
    ["2025-07-26", "2/6 nhuận âm lịch"],
  ])("%s is %s", (day, want) => expect(lunarText(noon(day))).toBe(want));
  it("the day begins at midnight in Hanoi", () => {
    expect(lunar(Date.parse("2024-02-09T16:59:59Z")).day).toBe(30);
    expect(lunar(Date.parse("2024-02-09T17:00:01Z")).day).toBe(1);
  });
  it("in English too", () => {
    rememberLang("en");
    expect(lunarText(noon("2024-02-11"))).toBe("Tết, day 2");
  });
});
