/* SPDX-License-Identifier: Apache-2.0 */
import { expect, it } from "vitest";
import { accounted, dropped, endOfDay, sumHolds } from "./model";
import { snippets } from "./Proof";

it("adds the drops of every reason", () => expect(dropped({ dropped: { kernel: 2, too_long: 3 } })).toBe(5));
it.each([
  [{ received: 10, stored: 7, pending: 1, dropped: { kernel: 2 } }, true],
  [{ received: 10, stored: 7, pending: 0, dropped: { kernel: 2 } }, false],
  [{ received: 0, stored: 0, pending: 0, dropped: {} }, true],
])("received = stored + pending + dropped: %o", (s, want) => expect(sumHolds(s)).toBe(want));
it("says what is accounted for", () =>
  expect(accounted({ received: 9, stored: 1, pending: 2, dropped: { a: 3 } })).toBe(6));
it.each([
  ["2027-02-10", "2027-02-10T16:59:59.000Z"],
  ["2027-02-30x", null],
  ["", null],
])("the end of %s is a moment of Viet Nam's day", (day, want) => expect(endOfDay(day)).toBe(want));
it("every way to send a heartbeat holds the line", () => {
  for (const x of snippets("canh.heartbeat=abc123")) expect(x.text).toContain("canh.heartbeat=abc123");
});
