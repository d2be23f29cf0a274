/* SPDX-License-Identifier: Apache-2.0 */
import { beforeEach, expect, it } from "vitest";
import { rememberLang } from "../../i18n/lang";
import { heldTo, valueText } from "./figure";

const share = { vi: "tỷ lệ", en: "share" };
const minutes = { vi: "phút", en: "minutes" };
beforeEach(() => rememberLang("vi"));

it.each([
  [{ value: 0.985, unit: share }, "98,5 %"],
  [{ value: 1, unit: share }, "100 %"],
  [{ value: 3, unit: { vi: "số lượng", en: "count" } }, "3"],
  [{ value: 12, unit: minutes }, "12 phút"],
  [{ value: null, unit: share }, "–"],
  [{ value: "2023-12-29", unit: null }, "2023-12-29"],
])("%o is %s", (e, want) => expect(valueText(e)).toBe(want));

it.each([
  [{ is: ">= 1.0", unit: share }, "≥ 100 %"],
  [{ is: "== 0", unit: null }, "= 0"],
  [{ is: "<= 15", unit: minutes }, "≤ 15 phút"],
  [{ is: "shown", unit: share }, "shown"],
  [{ is: null, unit: share }, "–"],
])("%o is held to %s", (e, want) => expect(heldTo(e)).toBe(want));
