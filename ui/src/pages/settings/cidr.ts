/* SPDX-License-Identifier: Apache-2.0 */
/* A first look at what was typed; the server decides. */
const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/;

/* "192.0.2.1-192.0.2.9" */
function isSpan(text: string): boolean {
  const [a = "", b = "", ...rest] = text.split("-").map((p) => p.trim());
  return rest.length === 0 && !text.includes("/") && isCidr(a) && isCidr(b);
}

export function isCidr(text: string): boolean {
  if (text.includes("-")) return isSpan(text);
  const m = V4.exec(text);
  if (m) return m.slice(1, 5).every((p) => Number(p) <= 255) && (m[5] === undefined || Number(m[5]) <= 32);
  const [address = "", bits, ...rest] = text.split("/");
  if (rest.length > 0 || !/^[0-9a-f:]+$/i.test(address) || !address.includes(":")) return false;
  if (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > 128)) return false;
  const halves = address.split("::");
  const groups = address.split(":").filter((g) => g !== "");
  return (
    halves.length <= 2 &&
    groups.every((g) => g.length <= 4) &&
    (halves.length === 2 ? groups.length < 8 : groups.length === 8)
  );
}

export const lines = (text: string): string[] =>
  text
    .split(/[\n,;]+/)
    .map((l) => l.trim())
    .filter(Boolean);

export const firstBad = (text: string): string | null => lines(text).find((l) => !isCidr(l)) ?? null;
