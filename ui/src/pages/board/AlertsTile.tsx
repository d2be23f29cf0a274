/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { BoardAlerts, Severity, Tile } from "../../api/types";
import { both } from "../../i18n/lang";
import { clockTime, num } from "../../lib/format";
import { href } from "../../lib/route";
import { Sev } from "../../ui/Mark";
import { BigClock } from "../../ui/Time";
import { isUnknown, reasonOf } from "./things";
import { TileHead, UnknownCard } from "./Tile";

export const GRADES: Severity[] = ["critical", "high", "medium"];

export function AlertsTile({ tile }: { tile: Tile<BoardAlerts> }): ReactElement {
  const { t } = useTranslation();
  if (isUnknown(tile)) return <UnknownCard no={4} title={t("board.alerts")} why={reasonOf(tile)} />;
  const { control, oldest } = tile;
  const test = control
    ? `${t("board.control", { t: clockTime(control.at, false) })}, ${t(control.passed ? "board.passed" : "board.notPassed")}`
    : t("board.controlNone");
  return (
    <section className="card alerts-tile" aria-label={t("board.alerts")}>
      <TileHead
        no={4}
        title={t("board.alerts")}
        side={<span className={control?.passed ? "" : "t-unknown"}>{test}</span>}
      />
      <a className={oldest ? "oldest" : "oldest calm"} href={href(oldest ? ["alerts", oldest.id] : ["alerts"])}>
        {oldest ? (
          <>
            <span>{t("board.oldest")}</span>
            <b className="big">
              <BigClock due={oldest.due} />
            </b>
            <span className="clamp-2">{both(oldest.title)}</span>
          </>
        ) : (
          <>
            <b className="big">
              {num(tile.open)} <small>{t("board.open")}</small>
            </b>
            <span>{t("board.oldestNone")}</span>
          </>
        )}
      </a>
      <ul className="lines">
        {GRADES.map((g) => (
          <li key={g}>
            <a href={href(["alerts"], { severity: g })}>
              <Sev severity={g} />
              <b className="num">{num(tile.by_severity[g] ?? 0)}</b>
            </a>
          </li>
        ))}
        <li>
          <a href={href(["alerts"])} className={tile.overdue > 0 ? "t-failed" : ""}>
            <span>{t("board.overdue")}</span>
            <b className={tile.overdue > 0 ? "num t-failed" : "num"}>{num(tile.overdue)}</b>
          </a>
        </li>
      </ul>
    </section>
  );
}
