/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from "vitest";
import type { Alert, AlertState } from "../../api/types";
import { acts, lines, needsAction, runningClock, step, toQuery, type Section } from "./model";

function alert(id: string, state: AlertState, part: Partial<Alert> = {}): Alert {
  return {
    id,
    unit: "u",
    site: null,
    number: 1,
    state,
    severity: "high",
    title: { vi: id, en: id },
    rule: null,
    tags: [],
    matched: null,
    indicator: null,
    count: 1,
    hosts: [],
    addresses: [],
    first_seen: "2024-02-10T19:00:00Z",
    last_seen: "2024-02-10T19:00:00Z",
    exercise: false,
    channel: "rule",
    assignee: null,
    clocks: {
      acknowledge: { due: "2024-02-10T19:15:00Z", done: null, overdue: false },
      handle: { due: "2024-02-10T23:00:00Z", done: null, overdue: false },
    },
    event: null,
    ...part,
  };
}

const section = (state: AlertState, ids: string[], part: Partial<Section> = {}): Section => ({
  state,
  alerts: ids.map((id) => alert(id, state)),
  total: null,
  more: false,
  open: true,
  ...part,
});

describe("the list", () => {
  const all = lines([section("new", ["b", "c"]), section("acknowledged", ["a"]), section("verified_true", [])]);
  it("has a head for each section that holds something", () =>
    expect(all.map((l) => (l.kind === "group" ? `${l.state} ${l.n}` : l.alert.id))).toEqual([
      "new 2",
      "b",
      "c",
      "acknowledged 1",
      "a",
    ]));
  it("tells how many there are in all, not how many are loaded", () => {
    expect(lines([section("new", ["a"], { total: 4000, more: true })])[0]).toMatchObject({ n: 4000, more: false });
    expect(lines([section("new", ["a"], { more: true })])[0]).toMatchObject({ n: 1, more: true });
  });
  it("a closed section keeps its head", () =>
    expect(lines([section("new", ["a"], { open: false }), section("acknowledged", ["b"])]).map((l) => l.kind)).toEqual([
      "group",
      "group",
      "alert",
    ]));
  it("steps over group heads and stops at the ends", () => {
    expect(step(all, null, 1)).toBe("b");
    expect(step(all, "c", 1)).toBe("a");
    expect(step(all, "a", 1)).toBe("a");
    expect(step(all, "b", -1)).toBe("b");
    expect(step([], null, 1)).toBeNull();
  });
});

describe("clocks", () => {
  it("a new alert runs to its acknowledgement", () =>
    expect(runningClock(alert("a", "new"))?.kind).toBe("acknowledge"));
  it("an acknowledged one to its handling", () =>
    expect(runningClock(alert("a", "acknowledged"))?.kind).toBe("handle"));
  it("a handled one runs no more", () => expect(runningClock(alert("a", "handled"))).toBeNull());
});

describe("acts", () => {
  it("follow new, acknowledged, verified, handled", () => {
    expect(acts("new")[0]).toBe("ack");
    expect(acts("acknowledged")).toEqual(["true", "false"]);
    expect(acts("verified_true")[0]).toBe("handle");
    expect(acts("handled")).toEqual([]);
  });
  it("high and critical need what was done", () => {
    expect(needsAction("critical")).toBe(true);
    expect(needsAction("high")).toBe(true);
    expect(needsAction("medium")).toBe(false);
  });
});

describe("questions to the server", () => {
  it("open alerts go by clock, a state at a time, and leave exercises out", () =>
    expect(toQuery({ tab: "open", q: " ", severity: [] }, "me", "new")).toEqual({
      q: "",
      severity: "",
      state: "new",
      exercise: false,
      order: "clock",
    }));
  it("mine asks for my own", () =>
    expect(toQuery({ tab: "mine", q: "", severity: ["high"] }, "me", "new").assignee).toBe("me"));
  it("sends composed text", () =>
    expect(toQuery({ tab: "open", q: "Đặng".normalize("NFD"), severity: [] }, "me", "new").q).toBe("Đặng"));
});
