/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { BoardSources, Tile } from "../../api/types";
import { clockTime, num } from "../../lib/format";
import { href } from "../../lib/route";
import { isUnknown, reasonOf, TileCard, UnknownCard } from "./Tile";

export function SourcesTile({ tile }: { tile: Tile<BoardSources> }): ReactElement {
  const { t } = useTranslation();
  const link = href(["sources"]);
  if (isUnknown(tile)) return <UnknownCard no={8} title={t("board.sources")} reason={reasonOf(tile)} href={link} />;
  const quiet = tile.silent ?? [];
  const control = typeof tile.last_control === "string" ? { at: tile.last_control, passed: true } : tile.last_control;
  return (
    <TileCard no={8} title={t("board.sources")} href={link}>
      {tile.required > 0 ? (
        <div className={tile.alive < tile.required ? "big t-failed" : "big"}>
          {num(tile.alive)}
          <small className="of">/{num(tile.required)}</small>
          <small>{t("board.sourcesAlive")}</small>
        </div>
      ) : (
        /* nobody said which sources must be alive: zero of zero is no answer */
        <div className="big t-unknown">
          –<small className="of">/?</small>
          <small>{t("board.noneRequired")}</small>
        </div>
      )}
      <ul className="lines">
        <li className={quiet.length > 0 ? "t-unknown" : ""}>
          <span>{t("board.silent")}</span>
          <span className="v cut" title={quiet.join(", ")}>
            {quiet[0] ?? t("board.silentNone")} {quiet.length > 1 && t("board.silentMore", { n: quiet.length - 1 })}
          </span>
        </li>
        <li className={control?.passed ? "" : "t-unknown"}>
          <span>{t("board.lastControl")}</span>
          <span className="v">
            {control
              ? `${clockTime(control.at, false)} ${t(control.passed ? "board.passed" : "board.notPassed")}`
              : t("board.never")}
          </span>
        </li>
        <li className={tile.dropped_today > 0 ? "t-failed" : ""}>
          <span>{t("board.dropped")}</span>
          <span className="num">{num(tile.dropped_today)}</span>
        </li>
        <li>
          <span>{t("board.unparsed")}</span>
          <span className="num">{num(tile.unparsed_today)}</span>
        </li>
      </ul>
    </TileCard>
  );
}
