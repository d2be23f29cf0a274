/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from "vitest";
import { addTerm, dropTerm, fold, inOrder, mark, parseQuery, quote, words } from "./query";

describe("query terms", () => {
  it("reads words, fields, quotes and wildcards", () =>
    expect(parseQuery('host.name:mbox-02 "hai từ" url.path:*.jsp user:"Trần Bình"')).toEqual([
      { field: "host.name", value: "mbox-02" },
      { field: null, value: "hai từ" },
      { field: "url.path", value: "*.jsp" },
      { field: "user", value: "Trần Bình" },
    ]));
  it("AND is what joins anyway", () => expect(parseQuery("a AND b và c").map((t) => t.value)).toEqual(["a", "b", "c"]));
  it("survives an open quote", () =>
    expect(parseQuery('a "b')).toEqual([
      { field: null, value: "a" },
      { field: null, value: "b" },
    ]));

  it.each([
    ["mbox-02", "mbox-02"],
    ["hai từ", '"hai từ"'],
    ['a"b', '"a\\"b"'],
    ["2001:db8::1", '"2001:db8::1"'],
    ["", '""'],
    ["và", '"và"'],
  ])("quotes %s as %s", (value, want) => expect(quote(value)).toBe(want));

  it("what is quoted is read back", () => {
    for (const value of ['a "b" c', "back\\slash", "2001:db8::1", "Đặng"])
      expect(parseQuery(`f:${quote(value)}`)).toEqual([{ field: "f", value }]);
  });
  it("adds a field once", () => {
    const one = addTerm("", { field: "host.name", value: "mbox-02" });
    expect(one).toBe("host.name:mbox-02");
    expect(addTerm(one, { field: "host.name", value: "mbox-02" })).toBe(one);
    expect(addTerm(one, { field: "source.ip", value: "198.51.100.7" })).toBe(
      "host.name:mbox-02 source.ip:198.51.100.7",
    );
  });
  it("drops by place", () => expect(dropTerm("a b c", 1)).toBe("a c"));
  it("words for marking", () => expect(words("url.path:*.jsp mbox")).toEqual([".jsp", "mbox"]));
});

it("the dictionary's fields come first, in their own order", () =>
  expect(inOrder({ srcip: 1, "source.ip": 2, Computer: 3, "host.name": 4 }).map(([k]) => k)).toEqual([
    "source.ip",
    "host.name",
    "srcip",
    "Computer",
  ]));

describe("marking", () => {
  it("folds case and Vietnamese marks, NFC and NFD alike", () => {
    expect(fold("Đăng Nhập")).toBe("dang nhap");
    expect(fold("Đăng Nhập".normalize("NFD"))).toBe("dang nhap");
  });
  it("cuts the text where a word stands, letters unchanged", () =>
    expect(mark("POST /Logo_X.jsp từ Đà Nẵng", ["logo_x", "da nang"])).toEqual([
      { text: "POST /", hit: false },
      { text: "Logo_X", hit: true },
      { text: ".jsp từ ", hit: false },
      { text: "Đà Nẵng", hit: true },
    ]));
  it("keeps astral letters whole", () =>
    expect(
      mark("a😀b", ["b"])
        .map((p) => p.text)
        .join(""),
    ).toBe("a😀b"));
});
