/* SPDX-License-Identifier: Apache-2.0 */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Lang } from "../api/types";
import { en } from "./en";
import { rememberedLang, rememberLang } from "./lang";
import { vi } from "./vi";

export async function startI18n(): Promise<void> {
  const lang = rememberedLang();
  document.documentElement.lang = lang;
  await i18next.use(initReactI18next).init({
    lng: lang,
    fallbackLng: "vi",
    resources: { vi: { translation: vi }, en: { translation: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

export async function switchLang(lang: Lang): Promise<void> {
  rememberLang(lang);
  document.documentElement.lang = lang;
  await i18next.changeLanguage(lang);
}
