/* SPDX-License-Identifier: Apache-2.0 */
import { expect, it } from "vitest";
import { href, parseHash } from "./route";

it("reads path and query", () => {
  const r = parseHash("#/board/measure/1.%C4%91?x=a%20b");
  expect(r.path).toEqual(["board", "measure", "1.đ"]);
  expect(r.query.get("x")).toBe("a b");
});
it("a stray % does not break the page", () => expect(parseHash("#/alerts/%E0%A4%A").path[0]).toBe("alerts"));
it("writes what it reads", () => {
  const h = href(["events"], { q: 'user:"Trần Bình"', from: null });
  expect(parseHash(h).query.get("q")).toBe('user:"Trần Bình"');
  expect(h).not.toContain("from");
});
