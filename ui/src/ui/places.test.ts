/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from "vitest";
import type { Unit } from "../api/types";
import { placeOf, places } from "./Where";

const unit = (id: string, parent: string | null, name: string, sites: string[] = [], own = false): Unit => ({
  id,
  parent,
  name,
  own,
  sites: sites.map((s) => ({ id: `${id}-${s}`, name: s })),
});

describe("places", () => {
  const all = [
    unit("o", null, "Sở A", ["trụ sở"], true),
    unit("b", "o", "Phòng B"),
    unit("n", "o", "Phòng N", ["kho"]),
    unit("x", "n", "Đội X"),
  ];
  it("stand under the unit above them", () =>
    expect(places(all, "").map((o) => o.label)).toEqual([
      "Sở A",
      "Sở A · trụ sở",
      "Phòng B",
      "Phòng N",
      "Phòng N · kho",
      "Phòng N / Đội X",
    ]));
  it("are all there for whoever sees but a part", () =>
    expect(
      places(
        all.slice(2).map((u) => (u.id === "n" ? { ...u, parent: null } : u)),
        "",
      ).map((o) => o.value),
    ).toEqual(["n/", "n/n-kho", "x/"]));
  it("give our own unit a name while it has none", () =>
    expect(places([unit("o", null, "", [], true)], "Toàn bộ")[0]?.label).toBe("Toàn bộ"));
  it("are read back", () => {
    expect(placeOf("n/n-kho")).toEqual({ unit: "n", site: "n-kho" });
    expect(placeOf("n/")).toEqual({ unit: "n", site: null });
  });
});
