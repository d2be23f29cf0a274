/* SPDX-License-Identifier: Apache-2.0 */
import type { ColumnDef } from "@tanstack/react-table";
import { useMemo, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useSources } from "../../api/hooks";
import type { Source, SourceState } from "../../api/types";
import { lag, num } from "../../lib/format";
import { fold } from "../../lib/query";
import { go, useRoute } from "../../lib/route";
import { Icon } from "../../ui/Icon";
import { Mark, type MarkState } from "../../ui/Mark";
import { Empty, ErrorNote, NotSeen, Skeleton } from "../../ui/States";
import { Ago } from "../../ui/Time";
import { VirtualTable } from "../../ui/VirtualTable";
import { Aside } from "./Aside";
import { Controls } from "./Controls";
import { dropped, shownPeer, sumHolds } from "./model";
import { SourceDrawer } from "./SourceDrawer";
import "./sources.css";

const MARK: Record<SourceState, MarkState> = {
  live: "met",
  silent: "failed",
  lost_control: "failed",
  never: "unknown",
  off: "unknown",
  unknown: "unknown",
};
const EDGE: Record<SourceState, "failed" | "unknown" | ""> = {
  live: "",
  silent: "failed",
  lost_control: "failed",
  never: "unknown",
  off: "",
  unknown: "unknown",
};

export function SourceMark({ s }: { s: Source }): ReactElement {
  const { t } = useTranslation();
  return <Mark state={MARK[s.state]} word={t(`sources.state.${s.state}`)} />;
}

function Control({ s }: { s: Source }): ReactElement {
  const { t } = useTranslation();
  if (!s.control) return <span className="muted">–</span>;
  const { state, last_passed: ok, last_failed: bad } = s.control;
  const at = state === "failed" ? bad : ok;
  return (
    <span className={state === "failed" ? "t-failed" : state === "unknown" ? "t-unknown" : ""}>
      {t(`sources.proofState.${state}`)} {at && state !== "unknown" && <Ago at={at} />}
    </span>
  );
}

function Name({ s }: { s: Source }): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="two-line">
      <b className="strong cut">{s.name}</b>
      <span className="cut">
        {t(`sources.kind.${s.kind}`, s.kind)} {shownPeer(s) && <span className="data">{shownPeer(s)}</span>}
      </span>
    </span>
  );
}

function useColumns(): ColumnDef<Source>[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const figure = (id: string, of: (s: Source) => number, tone?: (s: Source) => string): ColumnDef<Source> => ({
      id,
      accessorFn: of,
      header: t(`sources.col.${id}`),
      meta: { track: "minmax(64px, 96px)", right: true },
      cell: (c) => <span className={`num ${tone?.(c.row.original) ?? ""}`}>{num(of(c.row.original))}</span>,
    });
    return [
      {
        id: "name",
        accessorKey: "name",
        header: t("sources.col.name"),
        meta: { track: "minmax(180px, 1.4fr)" },
        cell: (c) => <Name s={c.row.original} />,
      },
      {
        id: "state",
        accessorKey: "state",
        header: t("sources.col.state"),
        meta: { track: "152px" },
        cell: (c) => <SourceMark s={c.row.original} />,
      },
      figure("received", (s) => s.received),
      figure("stored", (s) => s.stored),
      figure("pending", (s) => s.pending),
      figure("dropped", dropped, (s) => (dropped(s) > 0 ? "t-failed strong" : "")),
      figure("unparsed", (s) => s.unparsed),
      {
        id: "lag",
        accessorFn: (s) => s.lag_ms ?? -1,
        header: t("sources.col.lag"),
        meta: { track: "76px", right: true },
        cell: (c) => lag(c.row.original.lag_ms),
      },
      {
        id: "seen",
        accessorFn: (s) => s.last_seen ?? "",
        header: t("sources.col.seen"),
        meta: { track: "128px" },
        cell: (c) => <Ago at={c.row.original.last_seen} />,
      },
      {
        id: "control",
        enableSorting: false,
        header: t("sources.col.control"),
        meta: { track: "184px" },
        cell: (c) => <Control s={c.row.original} />,
      },
      {
        id: "class",
        accessorKey: "class",
        header: t("sources.col.class"),
        meta: { track: "88px" },
        cell: (c) => t(`sources.class.${c.row.original.class}`),
      },
    ];
  }, [t]);
}

function Phone({ s }: { s: Source }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <span className="row">
        <b className="strong cut grow">{s.name}</b>
        <SourceMark s={s} />
      </span>
      <span className="small muted">
        {t("sources.col.stored")} <b className="num">{num(s.stored)}</b> · {t("sources.col.dropped")}{" "}
        <b className={dropped(s) > 0 ? "num t-failed" : "num"}>{num(dropped(s))}</b> · <Ago at={s.last_seen} />
      </span>
    </>
  );
}

function Tally({ rows }: { rows: Source[] }): ReactElement {
  const { t } = useTranslation();
  const n = (state: SourceState): number => rows.filter((s) => s.state === state).length;
  const bad = rows.filter((s) => !sumHolds(s));
  return (
    <>
      <Mark state="met" word={t("sources.live", { n: n("live") })} />
      {n("silent") > 0 && <Mark state="failed" word={t("sources.silent", { n: n("silent") })} />}
      {n("lost_control") > 0 && <Mark state="failed" word={t("sources.lost", { n: n("lost_control") })} />}
      {n("never") > 0 && <Mark state="unknown" word={t("sources.never", { n: n("never") })} />}
      {n("off") > 0 && <Mark state="unknown" word={t("sources.offN", { n: n("off") })} />}
      <span className="grow" />
      {bad.length > 0 ? (
        <span className="t-failed small">{bad.map((s) => s.name).join(", ")}</span>
      ) : (
        <span className="faint small">{t("sources.sum")}</span>
      )}
    </>
  );
}

export default function SourcesPage(): ReactElement {
  const { t } = useTranslation();
  const { path } = useRoute();
  const list = useSources();
  const columns = useColumns();
  const [text, setText] = useState("");
  const all = list.data?.items ?? [];
  const rows = all.filter((s) => fold(`${s.name} ${s.peer ?? ""} ${s.kind}`).includes(fold(text.trim())));
  if (list.isPending) return <Skeleton rows={10} height={48} />;
  return (
    <div className="sheet">
      <div className="sheet-bar">
        <label className="field search">
          <Icon name="search" />
          <input
            value={text}
            placeholder={t("sources.filter")}
            aria-label={t("sources.filter")}
            onChange={(e) => setText(e.currentTarget.value)}
          />
        </label>
        <Tally rows={all} />
      </div>
      <Controls />
      <Aside />
      {list.isError && <ErrorNote error={list.error} what={t("error.load")} retry={() => void list.refetch()} />}
      {list.data && all.length === 0 && <NotSeen title={t("sources.none")}>{t("sources.noneWhy")}</NotSeen>}
      {all.length > 0 && rows.length === 0 && <Empty title={t("alerts.none")} />}
      {rows.length > 0 && (
        <VirtualTable
          label={t("title.sources")}
          rows={rows}
          columns={columns}
          id={(s) => s.id}
          height={48}
          phoneHeight={64}
          phone={(s) => <Phone s={s} />}
          edge={(s) => EDGE[s.state]}
          selected={path[1] ?? null}
          onOpen={(s) => go(["sources", s.id])}
        />
      )}
      <SourceDrawer source={all.find((s) => s.id === path[1])} />
    </div>
  );
}
