/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of the pages before sign-in. */
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { otherLang, useTheme } from "../../app/choices";
import { switchLang } from "../../i18n";
import { Btn } from "../../ui/Btn";
import { Brand, Icon } from "../../ui/Icon";

export function GateFrame({ title, children }: { title: string; children: ReactNode }): ReactElement {
  const { t } = useTranslation();
  const switchTheme = useTheme();
  return (
    <div className="gate">
      <div className="gate-brand">
        <Brand size={40} />
        <div>
          <b>canh</b>
          <span>{t("auth.tagline")}</span>
        </div>
      </div>
      <main className="card gate-card">
        <h1>{title}</h1>
        {children}
      </main>
      <footer className="gate-foot">
        <span className="row">
          <Icon name="lock" />
          {t("auth.localOnly")}
        </span>
        <span className="row">
          <Btn small kind="quiet" icon="globe" onClick={() => void switchLang(otherLang())} data-testid="lang">
            {t("shell.lang")}
          </Btn>
          <Btn small kind="quiet" icon="moon" onClick={switchTheme} aria-label={t("shell.theme")} />
        </span>
      </footer>
    </div>
  );
}
