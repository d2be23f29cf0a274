/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { BoardAlerts, Severity, Tile } from "../../api/types";
import { both } from "../../i18n/lang";
import { clockTime, num } from "../../lib/format";
import { href } from "../../lib/route";
import { Sev } from "../../ui/Mark";
import { BigClock } from "../../ui/Time";
import { isUnknown, reasonOf, UnknownCard } from "./Tile";

const GRADES: Severity[] = ["critical", "high", "medium"];

export function AlertsTile({ tile }: { tile: Tile<BoardAlerts> }): ReactElement {
  const { t } = useTranslation();
  if (isUnknown(tile))
    return <UnknownCard no={4} title={t("board.alerts")} reason={reasonOf(tile)} href={href(["alerts"])} />;
  const { control, oldest } = tile;
  const test = control
    ? `${t("board.control", { t: clockTime(control.at, false) })}, ${t(control.passed ? "board.passed" : "board.notPassed")}`
    : t("board.controlNone");
  return (
    <a className="card alerts-tile" href={href(["alerts"])}>
      <div className="head">
        <span className="no">4</span>
        <h2>{t("board.alerts")}</h2>
        <span className={control?.passed ? "age" : "age t-unknown"}>{test}</span>
      </div>
      <div className={oldest ? "oldest" : "oldest calm"}>
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
      </div>
      <ul className="lines">
        {GRADES.map((g) => (
          <li key={g}>
            <Sev severity={g} />
            <b className="num">{num(tile.by_severity[g] ?? 0)}</b>
          </li>
        ))}
        <li className={tile.overdue > 0 ? "t-failed" : ""}>
          <span>{t("board.overdue")}</span>
          <b className={tile.overdue > 0 ? "num t-failed" : "num"}>{num(tile.overdue)}</b>
        </li>
      </ul>
    </a>
  );
}
