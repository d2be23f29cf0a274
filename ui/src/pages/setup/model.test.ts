/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from "vitest";
import type { Control, Doors, Snippet, SnippetWay, Source } from "../../api/types";
import { cutAddress, doorOf, filled, guessHost, perSecond, pieces, senders, troubles } from "./model";

const both = { vi: "a", en: "b" };
const way = (door: SnippetWay["door"]): SnippetWay => ({ door, file: null, text: "x", title: both, then: null });
const snippet: Snippet = { id: "fortigate", formats: ["kv"], title: both, about: both, undo: both, ways: [] };
const doors = (items: Doors["items"], refused: Doors["refused"] = []): Doors => ({
  addresses: ["192.0.2.10", "127.0.0.1"],
  items,
  secure: true,
  ca: null,
  refused,
});
const source = (part: Partial<Source>): Source =>
  ({
    id: "1",
    kind: "tcp",
    peer: "192.0.2.1",
    received: 3,
    stored: 3,
    unparsed: 0,
    dropped: {},
    formats: { kv: 3 },
    ...part,
  }) as Source;
const want = (door: SnippetWay["door"], device = "", tokenId = ""): Parameters<typeof senders>[1] => ({
  snippet,
  way: way(door),
  device,
  tokenId,
});

describe("blanks", () => {
  it("are filled and told apart", () =>
    expect(pieces("to {{host}}:{{port}}", { host: "192.0.2.10", port: "" })).toEqual([
      { text: "to ", filled: false },
      { text: "192.0.2.10", filled: true },
      { text: ":", filled: false },
      { text: "<port>", filled: true },
    ]));
  it("give the text that is copied", () => expect(filled("{{a}}-{{a}}", { a: "1" })).toBe("1-1"));
});

describe("doors", () => {
  it("an address is cut at its last colon", () => {
    expect(cutAddress("[2001:db8::1]:514")).toEqual({ host: "[2001:db8::1]", port: "514" });
    expect(cutAddress("0.0.0.0:6514")).toEqual({ host: "0.0.0.0", port: "6514" });
  });
  it("one that others reach goes before loopback", () => {
    const d = doors([
      { kind: "tcp", address: "127.0.0.1:514" },
      { kind: "tcp", address: "0.0.0.0:1514" },
    ]);
    expect(doorOf(d, "tcp")?.address).toBe("0.0.0.0:1514");
    expect(doorOf(d, "tls")).toBeUndefined();
  });
  it("a browser on the machine itself is told its address", () => {
    expect(guessHost(doors([]), "127.0.0.1")).toBe("192.0.2.10");
    expect(guessHost(doors([]), "canh.example.vn")).toBe("canh.example.vn");
  });
});

describe("whose records those are", () => {
  const all = [
    source({ id: "1" }),
    source({ id: "2", peer: "192.0.2.2", formats: { text: 1 } }),
    source({ id: "3", kind: "bulk", peer: "token-1", formats: { json: 1 } }),
  ];
  const ids = (w: Parameters<typeof senders>[1]): string[] => senders(all, w).map((s) => s.id);
  it("by their form where nothing is told", () => expect(ids(want("tcp"))).toEqual(["1"]));
  it("by the address of the device", () => expect(ids(want("tcp", "192.0.2.2"))).toEqual(["2"]));
  it("by the token", () => expect(ids(want("bulk", "", "token-1"))).toEqual(["3"]));
  it("only by the door they came through", () => expect(ids(want("udp"))).toEqual([]));
});

describe("what is wrong", () => {
  const kinds = (d: Doors, controls: Control[], own: Source[], w = want("tls")): string[] =>
    troubles(d, controls, own, w).map((x) => x.kind);
  const open = [{ kind: "tls" as const, address: "0.0.0.0:6514" }];
  const refused = { door: "tls" as const, peer: "192.0.2.1", count: 2, at: "", reason: both };
  it("a closed door, alone", () => expect(kinds(doors([]), [], [])).toEqual(["closed"]));
  it("a door for this machine only", () =>
    expect(kinds(doors([{ kind: "tls", address: "127.0.0.1:6514" }]), [], [])).toEqual(["loopback"]));
  it("a handshake that failed, of that device", () => {
    expect(kinds(doors(open, [refused]), [], [])).toEqual(["refused"]);
    expect(kinds(doors(open, [refused]), [], [], want("tls", "192.0.2.9"))).toEqual([]);
  });
  it("a control test that did not come back", () => {
    const control = { kind: "door", subject: "tls 0.0.0.0:6514", state: "failed" } as Control;
    expect(kinds(doors(open), [control], [])).toEqual(["lost"]);
  });
  it("records that were not read, or dropped", () =>
    expect(kinds(doors(open), [], [source({ unparsed: 1, dropped: { overload: 2 } })])).toEqual([
      "unparsed",
      "dropped",
    ]));
});

it("bars a second, of a growing sum", () =>
  expect(
    perSecond(
      [
        { at: 0, n: 5 },
        { at: 1000, n: 7 },
        { at: 3000, n: 8 },
      ],
      3500,
      4,
    ),
  ).toEqual([0, 2, 0, 1]));
