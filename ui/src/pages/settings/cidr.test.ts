/* SPDX-License-Identifier: Apache-2.0 */
import { expect, it } from "vitest";
import { firstBad, isCidr, lines } from "./cidr";

it.each([
  "203.0.113.0/26",
  "10.0.0.1",
  "2001:db8::/32",
  "::1",
  "2001:db8:1:2:3:4:5:6",
  "192.0.2.1-192.0.2.9",
  "192.0.2.1 - 192.0.2.9",
])("%s is a range", (t) => expect(isCidr(t)).toBe(true));
it.each([
  "300.1.2.3",
  "10.0.0.0/33",
  "2001:db8::/129",
  "1:2:3",
  "a.b",
  "::1::",
  "10.0.0.0/8/8",
  "1.2.3.4-",
  "-",
  "10.0.0.0/8-10.0.0.1",
  "",
])("%s is not", (t) => expect(isCidr(t)).toBe(false));
it("one a line, commas too", () =>
  expect(lines(" 10.0.0.0/8\n\n192.0.2.1, 192.0.2.2 ")).toEqual(["10.0.0.0/8", "192.0.2.1", "192.0.2.2"]));
it("names the first bad one", () => expect(firstBad("10.0.0.0/8\nabc")).toBe("abc"));
