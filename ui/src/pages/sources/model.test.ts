/* SPDX-License-Identifier: Apache-2.0 */
import { expect, it } from "vitest";
import { accounted, dropped, sumHolds } from "./model";

it("adds the drops of every reason", () => expect(dropped({ dropped: { kernel: 2, too_long: 3 } })).toBe(5));
it.each([
  [{ received: 10, stored: 7, pending: 1, dropped: { kernel: 2 } }, true],
  [{ received: 10, stored: 7, pending: 0, dropped: { kernel: 2 } }, false],
  [{ received: 0, stored: 0, pending: 0, dropped: {} }, true],
])("received = stored + pending + dropped: %o", (s, want) => expect(sumHolds(s)).toBe(want));
it("says what is accounted for", () =>
  expect(accounted({ received: 9, stored: 1, pending: 2, dropped: { a: 3 } })).toBe(6));
