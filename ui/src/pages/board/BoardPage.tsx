/* SPDX-License-Identifier: Apache-2.0 */
/* The twelve things of the watch. The next act stands before the state; what is unknown looks unfinished.
   The same page holds the sheet of paper, which only a printer sees. */
import { lazy, Suspense, useEffect, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useBoard, useSetup } from "../../api/hooks";
import type { Board } from "../../api/types";
import { may, useSession } from "../../app/session";
import { useRoute } from "../../lib/route";
import { ErrorNote } from "../../ui/States";
import { usePhone } from "../../ui/phone";
import { AlertsTile } from "./AlertsTile";
import "./board.css";
import "./measures.css";
import "./narrow.css";
import { Measures } from "./Measures";
import "./strip.css";
import { SetupStrip } from "../setup/Strip";
import { Tasks, Urgent } from "./Tasks";
import { isUnknown, notices, things } from "./things";
import { SlimTile, TileCard } from "./Tile";

const DirectiveDrawer = lazy(() => import("./DirectiveDrawer"));
const MeasureDrawer = lazy(() => import("./MeasureDrawer"));
const PrintSheet = lazy(() => import("./print/PrintSheet"));

/* The first view does without the sheet of paper and the drawers: they come when it stands, or when they are asked for. */
const REST_MS = 700;
function useRested(): boolean {
  const [rested, rest] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => rest(true), REST_MS);
    return () => clearTimeout(timer);
  }, []);
  return rested;
}

function Reached({ b }: { b: Board }): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  return <SlimTile thing={notices(b, t)} link={may.seeNotices(user.role)} />;
}

function Desk({ b }: { b: Board }): ReactElement {
  const { t } = useTranslation();
  const [duty, ...rest] = things(b, t);
  return (
    <>
      <div className="top">
        {duty && <TileCard thing={duty} />}
        <Tasks tasks={b.tasks} />
        <AlertsTile tile={b.alerts} />
      </div>
      <div className="below">
        <Measures measures={b.measures} slip={b.slip} phone={false} />
        <div className="tiles">
          <Reached b={b} />
          {rest.map((x) => (
            <TileCard key={x.key} thing={x} />
          ))}
        </div>
      </div>
    </>
  );
}

function Phone({ b }: { b: Board }): ReactElement {
  const { t } = useTranslation();
  const [duty, ...rest] = things(b, t);
  return (
    <>
      <Urgent board={b} />
      {duty && <TileCard thing={duty} />}
      <Reached b={b} />
      <Tasks tasks={b.tasks} shown={isUnknown(b.alerts) ? null : (b.alerts.oldest?.id ?? null)} />
      <Measures measures={b.measures} slip={b.slip} phone />
      <AlertsTile tile={b.alerts} />
      <div className="tiles">
        {rest.map((x) => (
          <TileCard key={x.key} thing={x} />
        ))}
      </div>
    </>
  );
}

/* Cards of their final places, so that nothing moves when the figures come. */
function Waiting({ phone }: { phone: boolean }): ReactElement {
  const { t } = useTranslation();
  const card = (key: string): ReactElement => <div key={key} className="card" />;
  if (phone) return <div className="board waiting" role="status" aria-label={t("loading")} />;
  return (
    <div className="board waiting" role="status" aria-label={t("loading")}>
      <div className="top">{["a", "b", "c"].map(card)}</div>
      <div className="below">
        {card("m")}
        <div className="tiles">{["1", "2", "3", "4", "5", "6", "7", "8"].map(card)}</div>
      </div>
    </div>
  );
}

export default function BoardPage(): ReactElement {
  const { t } = useTranslation();
  const board = useBoard();
  const setup = useSetup();
  const phone = usePhone();
  const { path } = useRoute();
  const rested = useRested();
  /* what stands above the tiles is known before they are drawn, so that nothing moves */
  if (board.isPending || setup.isPending) return <Waiting phone={phone} />;
  if (!board.data) return <ErrorNote error={board.error} what={t("error.load")} retry={() => void board.refetch()} />;
  const b = board.data;
  const preview = path[1] === "print";
  return (
    <>
      {!preview && (
        <div className="board">
          <SetupStrip />
          {board.isError && <ErrorNote error={board.error} retry={() => void board.refetch()} />}
          {phone ? <Phone b={b} /> : <Desk b={b} />}
        </div>
      )}
      {(rested || path[1] !== undefined) && (
        <Suspense fallback={null}>
          <PrintSheet board={b} preview={preview} />
          <MeasureDrawer id={path[1] === "measure" ? (path[2] ?? null) : null} measures={b.measures} />
          <DirectiveDrawer open={path[1] === "directive"} measures={b.measures} />
        </Suspense>
      )}
    </>
  );
}
