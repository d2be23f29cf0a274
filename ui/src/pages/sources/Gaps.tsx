/* SPDX-License-Identifier: Apache-2.0 */
/* Connections that broke with the process that read them: when, and how much may be missing at most. */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Source } from "../../api/types";
import { bytes, exactSpan, num } from "../../lib/format";
import { Ago } from "../../ui/Time";

export function Gaps({ s }: { s: Source }): ReactElement | null {
  const { t } = useTranslation();
  const gaps = s.gaps;
  if (!gaps || gaps.count === 0) return null;
  return (
    <>
      <h4 className="section-title">{t("sources.gaps", { n: num(gaps.count) })}</h4>
      <p className="small muted">{t("sources.gapsHelp")}</p>
      <ul className="gaps">
        {gaps.items.map((g) => (
          <li key={`${g.from} ${g.to}`}>
            <span className="data">{exactSpan(g.from, g.to)}</span> <Ago at={g.to} className="small muted" />
            <span className={g.bytes > 0 ? "t-failed" : "muted"}>
              {g.bytes > 0 ? t("sources.gapBytes", { b: bytes(g.bytes) }) : t("sources.gapNone")}
            </span>
            <span className="small muted">
              {t(`sources.gapWhy.${g.reason}`, { defaultValue: g.reason })}
              {g.connections > 1 && `, ${t("sources.gapConnections", { n: num(g.connections) })}`}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
