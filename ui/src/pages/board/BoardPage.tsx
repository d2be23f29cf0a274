/* SPDX-License-Identifier: Apache-2.0 */
/* The twelve things of the watch. The next act stands before the state; what is unknown looks unfinished. */
import { useTranslation } from "react-i18next";
import type { ReactElement } from "react";
import { useBoard } from "../../api/hooks";
import type { Board } from "../../api/types";
import { useRoute } from "../../lib/route";
import { ErrorNote, Skeleton } from "../../ui/States";
import { usePhone } from "../../ui/VirtualTable";
import { AlertsTile } from "./AlertsTile";
import "./board.css";
import { DirectiveDrawer } from "./DirectiveDrawer";
import { MeasureDrawer } from "./MeasureDrawer";
import { Measures } from "./Measures";
import { OwnTile } from "./OwnTile";
import { SelfTile } from "./SelfTile";
import { SourcesTile } from "./SourcesTile";
import { Tasks, Urgent } from "./Tasks";
import { isUnknown, OpenTileCard } from "./Tile";

function Tiles({ board }: { board: Board }): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="tiles">
      <OpenTileCard no={5} title={t("board.machines")} tile={board.machines} />
      <OwnTile tile={board.own_addresses} />
      <OpenTileCard no={7} title={t("board.letters")} tile={board.letters} />
      <SourcesTile tile={board.sources} />
      <SelfTile tile={board.self} />
      <OpenTileCard no={10} title={t("board.links")} tile={board.links} />
      <OpenTileCard no={11} title={t("board.incidents")} tile={board.incidents} />
      <OpenTileCard no={12} title={t("board.people")} tile={board.people} />
    </div>
  );
}

export function BoardPage(): ReactElement {
  const { t } = useTranslation();
  const board = useBoard();
  const phone = usePhone();
  const { path } = useRoute();
  if (board.isPending) return <Skeleton rows={10} height={48} />;
  if (!board.data) return <ErrorNote error={board.error} what={t("error.load")} retry={() => void board.refetch()} />;
  const b = board.data;
  const duty = <OpenTileCard no={1} title={t("board.duty")} tile={b.duty} />;
  return (
    <div className="board">
      {board.isError && <ErrorNote error={board.error} retry={() => void board.refetch()} />}
      {phone && <Urgent board={b} />}
      <div className="top">
        {duty}
        <Tasks tasks={b.tasks} shown={phone && !isUnknown(b.alerts) ? (b.alerts.oldest?.id ?? null) : null} />
        {!phone && <AlertsTile tile={b.alerts} />}
      </div>
      <div className="below">
        <Measures measures={b.measures} slip={b.slip} phone={phone} />
        <div className="tiles-col">
          {phone && <AlertsTile tile={b.alerts} />}
          <Tiles board={b} />
        </div>
      </div>
      <MeasureDrawer id={path[1] === "measure" ? (path[2] ?? null) : null} measures={b.measures} />
      <DirectiveDrawer open={path[1] === "directive"} measures={b.measures} />
    </div>
  );
}
