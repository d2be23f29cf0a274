/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader chooses for himself: theme and language. */
import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { patch } from "../api/client";
import type { Lang } from "../api/types";
import { switchLang } from "../i18n";
import { currentLang } from "../i18n/lang";

export function useTheme(): () => void {
  const scheme = useComputedColorScheme("light");
  const { setColorScheme } = useMantineColorScheme();
  return () => setColorScheme(scheme === "dark" ? "light" : "dark");
}

/* The choice holds in this browser, and is told to the server so that letters and messages follow it. */
async function chooseLang(lang: Lang, signedIn: boolean): Promise<void> {
  await switchLang(lang);
  if (signedIn) await patch("/session", { lang });
}

export const otherLang = (): Lang => (currentLang() === "vi" ? "en" : "vi");

export function useLangSwitch(): () => void {
  const client = useQueryClient();
  return () => {
    /* texts that the server words (reasons, problems) come anew in the other language */
    void chooseLang(otherLang(), true).finally(() => client.invalidateQueries());
  };
}
