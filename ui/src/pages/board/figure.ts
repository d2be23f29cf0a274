/* SPDX-License-Identifier: Apache-2.0 */
/* A metric's value and what it is held to, the way an officer writes them: shares as per cent, counts bare. */
import type { Evidence } from "../../api/types";
import { both } from "../../i18n/lang";
import { num } from "../../lib/format";

type Unit = Evidence["unit"];

const kind = (unit: Unit): string => (unit && typeof unit === "object" ? unit.en : (unit ?? ""));

function one(n: number, unit: Unit): string {
  if (kind(unit) === "share") return `${num(n * 100, Number.isInteger(n * 100) ? 0 : 1)} %`;
  const text = num(n, Number.isInteger(n) ? 0 : 2);
  return kind(unit) === "count" ? text : `${text} ${both(unit)}`.trim();
}

export function valueText(e: Pick<Evidence, "value" | "unit">): string {
  if (e.value === null) return "–";
  return typeof e.value === "number" ? one(e.value, e.unit) : `${e.value} ${both(e.unit)}`.trim();
}

const SIGN: Record<string, string> = { ">=": "≥", "<=": "≤", "==": "=", ">": ">", "<": "<" };

/* ">= 1.0" of a share is "≥ 100 %"; what is written otherwise stands as it is. */
export function heldTo(e: Pick<Evidence, "is" | "unit">): string {
  const m = /^(>=|<=|==|>|<)\s*(-?\d+(?:\.\d+)?)$/.exec((e.is ?? "").trim());
  return m ? `${SIGN[m[1] ?? ""] ?? ""} ${one(Number(m[2]), e.unit)}` : e.is || "–";
}
