/* SPDX-License-Identifier: Apache-2.0 */
import type { ColumnDef } from "@tanstack/react-table";
import { useMemo, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { usePaged, WHOLE } from "../../api/hooks";
import type { IndicatorList } from "../../api/types";
import { may, useSession } from "../../app/session";
import { date, num } from "../../lib/format";
import { useSlowNow } from "../../lib/now";
import { fold } from "../../lib/query";
import { go, useRoute } from "../../lib/route";
import { Btn } from "../../ui/Btn";
import { Icon } from "../../ui/Icon";
import { ErrorNote, NotSeen, Skeleton } from "../../ui/States";
import { Ago } from "../../ui/Time";
import { VirtualTable } from "../../ui/VirtualTable";
import { ImportDialog } from "./ImportDialog";
import { ListDrawer } from "./ListDrawer";
import "./lists.css";
import { expired, monthShown } from "./model";

export function Validity({ l }: { l: IndicatorList }): ReactElement {
  const { t } = useTranslation();
  const now = useSlowNow();
  if (!l.valid_until) return <span className="faint">{t("lists.forever")}</span>;
  const past = expired(l, now);
  return (
    <span className={past ? "t-failed" : ""}>
      {t(past ? "lists.expired" : "lists.until", { t: date(l.valid_until) })}
    </span>
  );
}

function useColumns(): ColumnDef<IndicatorList>[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const figure = (
      id: "entries" | "bad" | "hits",
      of: (l: IndicatorList) => number,
      tone = "",
    ): ColumnDef<IndicatorList> => ({
      id,
      accessorFn: of,
      header: t(`lists.col.${id}`),
      meta: { track: "96px", right: true },
      cell: (c) => <span className={`num ${of(c.row.original) > 0 ? tone : ""}`}>{num(of(c.row.original))}</span>,
    });
    return [
      {
        id: "name",
        accessorKey: "name",
        header: t("lists.col.name"),
        meta: { track: "minmax(200px, 1.5fr)" },
        cell: (c) => <b className="strong cut block">{c.row.original.name}</b>,
      },
      {
        id: "kind",
        accessorKey: "kind",
        header: t("lists.col.kind"),
        meta: { track: "150px" },
        cell: (c) => t(`lists.kind.${c.row.original.kind}`),
      },
      {
        id: "letter",
        accessorKey: "letter",
        header: t("lists.col.letter"),
        meta: { track: "minmax(120px, 1fr)" },
        cell: (c) => <span className="data">{c.row.original.letter || "–"}</span>,
      },
      {
        id: "month",
        accessorKey: "month",
        header: t("lists.col.month"),
        meta: { track: "80px" },
        cell: (c) => <span className="num">{monthShown(c.row.original.month) || "–"}</span>,
      },
      {
        id: "valid",
        accessorFn: (l) => l.valid_until ?? "9",
        header: t("lists.col.valid"),
        meta: { track: "160px" },
        cell: (c) => <Validity l={c.row.original} />,
      },
      figure("entries", (l) => l.entries),
      figure("bad", (l) => l.bad_lines, "t-unknown"),
      figure("hits", (l) => l.hits, "strong"),
      {
        id: "imported",
        accessorKey: "imported_at",
        header: t("lists.col.imported"),
        meta: { track: "112px", right: true },
        cell: (c) => <Ago at={c.row.original.imported_at} />,
      },
    ];
  }, [t]);
}

function Phone({ l }: { l: IndicatorList }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <b className="strong cut">{l.name}</b>
      <span className="small muted cut">
        {t(`lists.kind.${l.kind}`)} · <b className="num">{num(l.entries)}</b> · {t("lists.col.hits")}{" "}
        <b className="num">{num(l.hits)}</b> · <Validity l={l} />
      </span>
    </>
  );
}

export default function ListsPage(): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const { path } = useRoute();
  const columns = useColumns();
  const list = usePaged<IndicatorList>(["lists"], "/lists", WHOLE);
  const [text, setText] = useState("");
  const now = useSlowNow();
  const rows = list.items.filter((l) =>
    fold(`${l.name} ${l.letter ?? ""} ${l.issuer ?? ""}`).includes(fold(text.trim())),
  );
  const importing = path[1] === "import";
  return (
    <div className="sheet">
      <div className="sheet-bar">
        <label className="field search">
          <Icon name="search" />
          <input
            value={text}
            placeholder={t("lists.filter")}
            aria-label={t("lists.filter")}
            onChange={(e) => setText(e.currentTarget.value)}
          />
        </label>
        <span className="grow" />
        {may.share(user, "triage") && (
          <Btn kind="primary" icon="upload" onClick={() => go(["lists", "import"])}>
            {t("lists.import")}
          </Btn>
        )}
      </div>
      {list.query.isPending && <Skeleton />}
      {list.query.isError && (
        <ErrorNote error={list.query.error} what={t("error.load")} retry={() => void list.query.refetch()} />
      )}
      {list.query.data && list.items.length === 0 && <NotSeen title={t("lists.none")}>{t("lists.noneWhy")}</NotSeen>}
      {rows.length > 0 && (
        <VirtualTable
          label={t("title.lists")}
          rows={rows}
          columns={columns}
          id={(l) => l.id}
          height={36}
          phoneHeight={60}
          phone={(l) => <Phone l={l} />}
          edge={(l) => (expired(l, now) ? "failed" : "")}
          selected={path[1] ?? null}
          onOpen={(l) => go(["lists", l.id])}
          more={list.more}
        />
      )}
      <ImportDialog opened={importing} close={() => go(["lists"])} />
      <ListDrawer id={importing ? null : (path[1] ?? null)} />
    </div>
  );
}
