/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from "vitest";
import type { Alert, AlertState } from "../../api/types";
import { acts, group, needsAction, runningClock, step, toQuery } from "./model";

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

describe("the list", () => {
  const lines = group([alert("a", "acknowledged"), alert("b", "new"), alert("c", "new")]);
  it("groups by the order of work and keeps the server's order inside", () =>
    expect(lines.map((l) => (l.kind === "group" ? l.state : l.alert.id))).toEqual([
      "new",
      "b",
      "c",
      "acknowledged",
      "a",
    ]));
  it("steps over group heads and stops at the ends", () => {
    expect(step(lines, null, 1)).toBe("b");
    expect(step(lines, "c", 1)).toBe("a");
    expect(step(lines, "a", 1)).toBe("a");
    expect(step(lines, "b", -1)).toBe("b");
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
  it("open alerts go by clock and leave exercises out", () =>
    expect(toQuery({ tab: "open", q: " ", severity: [] }, "me")).toEqual({
      q: "",
      severity: "",
      state: "new,acknowledged,verified_true",
      exercise: false,
      order: "clock",
    }));
  it("mine asks for my own", () =>
    expect(toQuery({ tab: "mine", q: "", severity: ["high"] }, "me").assignee).toBe("me"));
  it("sends composed text", () =>
    expect(toQuery({ tab: "open", q: "Đặng".normalize("NFD"), severity: [] }, "me").q).toBe("Đặng"));
});
