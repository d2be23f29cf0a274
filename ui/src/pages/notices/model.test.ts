/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from "vitest";
import type { NotifyRule } from "../../api/types";
import { isRule, NOBODY, recipientOf, recipients, ruleOf, usual, withRule, wordOf } from "./model";

describe("recipients", () => {
  it("are one word and back", () => {
    for (const r of [
      { kind: "duty" as const, value: "watch" },
      { kind: "address" as const, value: "a:b@example.vn" },
    ])
      expect(recipientOf(wordOf(r))).toEqual(r);
  });
  it("keep the language they had", () =>
    expect(recipients(["address:x@example.vn"], [{ kind: "address", value: "x@example.vn", lang: "en" }])).toEqual([
      { kind: "address", value: "x@example.vn", lang: "en" },
    ]));
});

describe("rules", () => {
  const high: NotifyRule = { severity: "high", mail: true, to: [] };
  it("a severity without one tells nobody", () => expect(isRule(ruleOf([high], "low"))).toBe(false));
  it("stand by severity, and one that tells nobody goes", () => {
    const all = withRule([high], { ...NOBODY("critical"), webhooks: ["w"] });
    expect(all.map((r) => r.severity)).toEqual(["critical", "high"]);
    expect(withRule(all, NOBODY("high")).map((r) => r.severity)).toEqual(["critical"]);
  });
  it("the usual ones mail whoever watches", () =>
    expect(usual().every((r) => r.mail && r.to[0]?.kind === "duty")).toBe(true));
});
