/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from "vitest";
import { bars, between, isPart, keptQuery, quiet, sourceName } from "./model";
import type { Look, LookGroup } from "../../api/typesLook";

describe("a file that is held out", () => {
  it("tells the day once where it is the same", () => {
    expect(between("2026-11-22T03:00:00Z", "2026-11-22T03:02:09Z")).toBe("10:00:00 – 10:02:09 22/11/2026");
    expect(between("2026-11-22T03:00:00Z", "2026-11-23T03:00:00Z")).toBe("10:00:00 22/11/2026 – 10:00:00 23/11/2026");
  });
  it("gives its source a name without endings", () => {
    expect(sourceName("Security.evtx")).toBe("Security");
    expect(sourceName("auth.log.1.gz")).toBe("auth.log.1");
    expect(sourceName("messages.jsonl.zst")).toBe("messages");
    expect(sourceName(".log")).toBe(".log");
    expect(sourceName("nhật ký")).toBe("nhật ký".normalize("NFC"));
  });
  it("is found again by that name, whatever it holds", () => {
    expect(keptQuery("mail-01")).toBe("source:mail-01");
    expect(keptQuery('vụ "a"')).toBe('source:"vụ \\"a\\""');
  });
  it("says that not all was seen", () => {
    const whole = { stopped: false, lost: null, files: [{ lost: null }], bad: 0, undecided: 0 } as unknown as Look;
    expect(isPart(whole)).toBe(false);
    expect(isPart({ ...whole, bad: 1 })).toBe(true);
    expect(isPart({ ...whole, lost: "x" })).toBe(true);
    expect(isPart({ ...whole, files: [{ lost: "x" }] } as unknown as Look)).toBe(true);
  });
  it("tells findings from what was taken back", () => {
    const g = { use: "alert", excepted: false } as LookGroup;
    expect(quiet(g)).toBe(false);
    expect(quiet({ ...g, excepted: true })).toBe(true);
    expect(quiet({ ...g, use: "count" })).toBe(true);
  });
  it("puts bars one step apart", () => {
    const all = bars({ from: "2026-11-22T03:00:00Z", step_s: 60, events: [2, 0, 1], hits: [0, 0, 1] });
    expect(all.map((b) => b.to - b.at)).toEqual([60000, 60000, 60000]);
    expect(all[2]).toEqual({
      at: Date.parse("2026-11-22T03:02:00Z"),
      to: Date.parse("2026-11-22T03:03:00Z"),
      events: 1,
      hits: 1,
    });
  });
});
