/* SPDX-License-Identifier: Apache-2.0 */
import { expect, it } from "vitest";
import { named, type Technique } from "./techniques";

const one = (id: string): Technique => ({ id, name: { vi: id, en: id }, text: { vi: "", en: "" } });
const all = [one("T1003"), one("T1003.001"), one("T1110")];

it.each([
  [["attack.t1110", "attack.credential-access"], ["T1110 T1110"]],
  [["attack.t1003.001"], ["T1003.001 T1003.001"]],
  [["attack.t1003.009"], ["T1003.009 T1003"]],
  [["attack.T1110", "attack.t1110"], ["T1110 T1110"]],
  [["attack.t9999", "cve.2023.46747"], ["T9999 –"]],
  [[], []],
])("%s names %s", (tags, want) => expect(named(tags, all).map((n) => `${n.id} ${n.told?.id ?? "–"}`)).toEqual(want));
