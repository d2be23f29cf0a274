/* SPDX-License-Identifier: Apache-2.0 */
import { beforeEach, describe, expect, it } from "vitest";
import { rememberLang } from "../i18n/lang";
import {
  ago,
  bytes,
  clockTime,
  countdown,
  date,
  day,
  exact,
  exactSpan,
  inputTime,
  num,
  parseTime,
  percent,
  span,
  until,
} from "./format";

beforeEach(() => rememberLang("vi"));

describe("the end of a span", () => {
  it("tells its day only where it is another one", () => {
    expect(until("2026-11-23T02:00:00Z", "2026-11-23T14:00:00Z")).toBe("21:00");
    expect(until("2026-11-23T14:00:00Z", "2026-11-24T02:00:00Z")).toBe("09:00 24/11");
  });
});

describe("numbers", () => {
  it.each([
    [4454, 0, "4.454"],
    [1234567, 0, "1.234.567"],
    [0, 0, "0"],
    [999, 0, "999"],
    [77.82, 1, "77,8"],
    [-1200, 0, "−1.200"],
    [null, 0, "–"],
    [Number.NaN, 0, "–"],
  ])("%s with %i digits is %s", (n, digits, want) => expect(num(n, digits)).toBe(want));

  it("percent never hides an empty denominator", () => {
    expect(percent(498, 640)).toBe("77,8 %");
    expect(percent(0, 0)).toBe("–");
  });
  it("bytes", () => {
    expect(bytes(512)).toBe("512 B");
    expect(bytes(1536)).toBe("1,5 KiB");
    expect(bytes(null)).toBe("–");
  });
});

describe("times stand in Vietnam's zone", () => {
  const at = "2024-02-10T19:14:18.118456Z"; /* 02:14:18 on the 11th in Hanoi */
  it("date and clock", () => {
    expect(date(at)).toBe("11/02/2024");
    expect(clockTime(at)).toBe("02:14:18");
    expect(clockTime(at, false)).toBe("02:14");
  });
  it("says a span with its day once", () => {
    expect(exactSpan(at, "2024-02-10T19:14:19.5Z")).toBe("02:14:18.118 – 02:14:19.500 11/02/2024");
    expect(exactSpan("2024-02-10T16:59:59Z", at)).toBe("23:59:59.000 10/02/2024 – 02:14:18.118 11/02/2024");
  });
  it("has no microseconds where the device gave none", () =>
    expect(exact("2024-02-10T19:14:18Z")).toBe("02:14:18 11/02/2024 (UTC+7)"));
  it("keeps microseconds in the exact form", () => expect(exact(at)).toBe("02:14:18.118456 11/02/2024 (UTC+7)"));
  it("a day of the store has no zone", () => {
    expect(day("2026-11-20")).toBe("20/11/2026");
    expect(day("?")).toBe("?");
  });
  it("nothing is a dash", () => {
    expect(date(null)).toBe("–");
    expect(exact("not a time")).toBe("–");
  });
});

describe("spans in words", () => {
  const now = Date.parse("2024-02-11T00:00:00Z");
  it.each([
    ["2024-02-10T23:59:58Z", "vừa xong"],
    ["2024-02-10T23:59:20Z", "40 giây trước"],
    ["2024-02-10T23:48:00Z", "12 phút trước"],
    ["2024-02-09T22:00:00Z", "26 giờ trước"],
    ["2024-02-07T00:00:00Z", "4 ngày trước"],
    ["2024-02-11T02:00:00Z", "sau 2 giờ"],
  ])("%s is %s", (at, want) => expect(ago(at, now)).toBe(want));
  it("in English too", () => {
    rememberLang("en");
    expect(ago("2024-02-10T23:48:00Z", now)).toBe("12 min ago");
  });
  it.each([
    [218, "3:38"],
    [5, "0:05"],
    [4360, "1:12:40"],
    [-724, "12:04"],
    [200000, "2 ngày"],
  ])("countdown of %i s is %s", (s, want) => expect(countdown(s)).toBe(want));
  it("rounds down", () => expect(span(119)).toBe("1 phút"));
});

describe("times typed by hand", () => {
  it.each([
    ["11/02/2024 02:14", "2024-02-10T19:14:00.000Z"],
    ["02:14:18 11/02/2024", "2024-02-10T19:14:18.000Z"],
    ["1/2/2024", "2024-01-31T17:00:00.000Z"],
    ["2024-02-11T02:14:00+07:00", "2024-02-10T19:14:00.000Z"],
  ])("%s", (text, want) => expect(parseTime(text)).toBe(want));
  it.each(["31/02/2024", "11/13/2024", "25:00 11/02/2024", "hôm qua", "11/02/2024 x", ""])("refuses %s", (text) =>
    expect(parseTime(text)).toBeNull(),
  );
  it("reads back what the inputs show", () => {
    const at = "2024-02-10T19:14:18.000Z";
    expect(parseTime(inputTime(at))).toBe(at);
  });
});
