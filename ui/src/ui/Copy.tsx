/* SPDX-License-Identifier: Apache-2.0 */
import { useClipboard } from "@mantine/hooks";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Btn } from "./Btn";

export function Copy({ text, icon = false }: { text: string; icon?: boolean }): ReactElement {
  const { t } = useTranslation();
  const clip = useClipboard({ timeout: 2000 });
  const word = clip.copied ? t("act.copied") : t("act.copy");
  return (
    <Btn small icon={clip.copied ? "check" : "copy"} onClick={() => clip.copy(text)} aria-label={word}>
      {icon ? undefined : word}
    </Btn>
  );
}
