/* SPDX-License-Identifier: Apache-2.0 */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Lang } from "../api/types";
import { rememberedLang, rememberLang } from "./lang";

/* The texts of the language in use come with the page, the other ones at the click. */
const texts = {
  vi: async () => (await import("./vi")).vi,
  en: async () => (await import("./en")).en,
};

export async function startI18n(): Promise<void> {
  const lang = rememberedLang();
  document.documentElement.lang = lang;
  await i18next.use(initReactI18next).init({
    lng: lang,
    fallbackLng: false,
    resources: { [lang]: { translation: await texts[lang]() } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

export async function switchLang(lang: Lang): Promise<void> {
  if (!i18next.hasResourceBundle(lang, "translation"))
    i18next.addResourceBundle(lang, "translation", await texts[lang]());
  rememberLang(lang);
  document.documentElement.lang = lang;
  await i18next.changeLanguage(lang);
}
