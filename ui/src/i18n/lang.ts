/* SPDX-License-Identifier: Apache-2.0 */
/* The language in force, kept apart from i18next so that the plain modules (client, format) need no library. */
import type { Both, Lang } from "../api/types";

const KEY = "canh.lang";
let lang: Lang = "vi";

export function currentLang(): Lang {
  return lang;
}

export function rememberLang(next: Lang): void {
  lang = next;
  if (typeof localStorage !== "undefined") localStorage.setItem(KEY, next);
}

export function rememberedLang(): Lang {
  if (typeof localStorage !== "undefined" && localStorage.getItem(KEY) === "en") lang = "en";
  return lang;
}

/* Whether this browser was told a language; if not, the account's own holds. */
export function hasChosenLang(): boolean {
  return typeof localStorage !== "undefined" && localStorage.getItem(KEY) !== null;
}

/* The text of a bilingual value; a server may also give plain text. */
export function both(text: Both | string | null | undefined): string {
  if (text === null || text === undefined) return "";
  if (typeof text === "string") return text;
  return text[lang] || text.vi || text.en;
}
