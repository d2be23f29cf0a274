/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { BoardOwn, Tile } from "../../api/types";
import { num } from "../../lib/format";
import { href } from "../../lib/route";
import { Ago } from "../../ui/Time";
import { monthShown } from "../lists/model";
import { isUnknown, reasonOf, TileCard, UnknownCard } from "./Tile";

/* Thing 6: which of our own public addresses the national list names, of which month, and when that was looked at. */
export function OwnTile({ tile }: { tile: Tile<BoardOwn> }): ReactElement {
  const { t } = useTranslation();
  const link = href(["lists"]);
  if (isUnknown(tile)) return <UnknownCard no={6} title={t("board.own")} reason={reasonOf(tile)} href={link} />;
  const first = tile.addresses.slice(0, 2).join(", ");
  const rest = tile.open - Math.min(2, tile.addresses.length);
  return (
    <TileCard no={6} title={t("board.own")} href={link}>
      <div className={tile.open > 0 ? "big t-failed" : "big"}>
        {num(tile.open)} <small>{t("board.ownOpen")}</small>
      </div>
      <ul className="lines">
        <li>
          <span>{t("board.ownList")}</span>
          <span className="v cut" title={tile.list}>
            {tile.month ? monthShown(tile.month) : tile.list}
          </span>
        </li>
        <li>
          <span>{t("board.ownChecked")}</span>
          <Ago at={tile.checked} className="v" />
        </li>
        {first && (
          <li className="t-failed">
            <span className="data cut">{first}</span>
            {rest > 0 && <span className="num">+{num(rest)}</span>}
          </li>
        )}
      </ul>
    </TileCard>
  );
}
