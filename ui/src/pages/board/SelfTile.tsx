/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { BoardSelf, Tile } from "../../api/types";
import { bytes, num, span } from "../../lib/format";
import { href } from "../../lib/route";
import { isUnknown, reasonOf, TileCard, UnknownCard } from "./Tile";

function Line({ label, text, doubt }: { label: string; text: string; doubt?: boolean }): ReactElement {
  return (
    <li className={doubt ? "t-unknown" : ""}>
      <span>{label}</span>
      <span className={doubt ? "v cut t-unknown" : "v cut"} title={text}>
        {text}
      </span>
    </li>
  );
}

export function SelfTile({ tile }: { tile: Tile<BoardSelf> }): ReactElement {
  const { t } = useTranslation();
  const link = href(["ledger"]);
  if (isUnknown(tile)) return <UnknownCard no={9} title={t("board.self")} reason={reasonOf(tile)} href={link} />;
  const { rules, sandbox, blind_minutes_today: blind } = tile;
  const disk = tile.disk_days === null ? t("board.diskFree") : t("board.disk");
  const age = (s: number | null, none: string): string => (s === null ? none : span(s));
  return (
    <TileCard no={9} title={t("board.self")} href={link}>
      <div className={blind ? "big t-failed" : blind === null ? "big t-unknown" : "big"}>
        {num(blind)} <small>{t("board.blind")}</small>
      </div>
      <ul className="lines">
        <Line
          label={disk}
          text={tile.disk_days === null ? bytes(tile.disk_free_bytes) : span(tile.disk_days * 86400)}
        />
        <Line
          label={t("board.backup")}
          text={age(tile.backup_age_s, t("board.never"))}
          doubt={tile.backup_age_s === null}
        />
        <Line
          label={t("board.witness")}
          text={age(tile.witness_age_s, t("board.never"))}
          doubt={tile.witness_age_s === null}
        />
        <Line
          label={t("board.canFire")}
          text={rules ? `${num(rules.can_fire)}/${num(rules.loaded)}` : "–"}
          doubt={!rules || rules.can_fire === 0}
        />
        {sandbox && sandbox.landlock_abi <= 0 && (
          <Line label={t("board.sandbox")} text={t("board.sandboxNone")} doubt />
        )}
      </ul>
    </TileCard>
  );
}
