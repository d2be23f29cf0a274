/* SPDX-License-Identifier: Apache-2.0 */
import { Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ColumnDef } from "@tanstack/react-table";
import { useEffect, useMemo, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { usePaged } from "../../api/hooks";
import type { LedgerEntry, LedgerPage as LedgerData } from "../../api/types";
import { exact, num } from "../../lib/format";
import { go, useRoute } from "../../lib/route";
import { Facts } from "../../ui/Facts";
import { Icon } from "../../ui/Icon";
import { Empty, ErrorNote, Skeleton } from "../../ui/States";
import { Ago } from "../../ui/Time";
import { VirtualTable } from "../../ui/VirtualTable";

function Head({ head }: { head: NonNullable<LedgerData["head"]> }): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="small muted ledger-head">
      <b className="strong ink">{t("ledger.head", { n: num(head.size) })}</b> · {t("ledger.signed")}{" "}
      <Ago at={head.signed_at} /> · {t("ledger.root")}{" "}
      <span className="data" title={head.root}>
        {head.root.slice(0, 16)}…
      </span>{" "}
      · {t("ledger.key")}{" "}
      <span className="data" title={head.key}>
        {head.key.slice(0, 24)}
      </span>
    </span>
  );
}

function Kind({ kind }: { kind: string }): ReactElement {
  const { t } = useTranslation();
  return (
    <b className="strong" title={kind}>
      {t(`kinds.${kind.replace(/\./g, "_")}`, kind)}
    </b>
  );
}

function useColumns(): ColumnDef<LedgerEntry>[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const columns: ColumnDef<LedgerEntry>[] = [
      {
        id: "n",
        header: t("ledger.col.n"),
        meta: { track: "88px", right: true },
        cell: (c) => <span className="num">{num(c.row.original.n)}</span>,
      },
      {
        id: "recorded",
        header: t("ledger.col.recorded"),
        meta: { track: "132px" },
        cell: (c) => <Ago at={c.row.original.recorded} />,
      },
      {
        id: "kind",
        header: t("ledger.col.kind"),
        meta: { track: "minmax(120px, 200px)" },
        cell: (c) => <Kind kind={c.row.original.kind} />,
      },
      {
        id: "actor",
        header: t("ledger.col.actor"),
        meta: { track: "minmax(120px, 200px)" },
        cell: (c) => <span className="cut block">{c.row.original.actor_name ?? c.row.original.actor}</span>,
      },
      {
        id: "subject",
        header: t("ledger.col.subject"),
        cell: (c) => <span className="data cut block">{c.row.original.subject}</span>,
      },
      {
        id: "hash",
        header: t("ledger.col.hash"),
        meta: { track: "112px" },
        cell: (c) => <span className="data faint">{c.row.original.hash.slice(0, 12)}…</span>,
      },
    ];
    return columns.map((c) => ({ ...c, enableSorting: false }));
  }, [t]);
}

function Entry({ e }: { e: LedgerEntry }): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="drawer-body">
      <dl className="facts">
        <dt>{t("ledger.col.kind")}</dt>
        <dd>
          <Kind kind={e.kind} /> <span className="data faint">{e.kind}</span>
        </dd>
        <dt>{t("ledger.col.actor")}</dt>
        <dd>
          {e.actor_name ?? e.actor} <span className="data faint">{e.actor}</span>
        </dd>
        <dt>{t("ledger.col.subject")}</dt>
        <dd className="data">{e.subject || "–"}</dd>
        <dt>{t("ledger.observed")}</dt>
        <dd className="data">{exact(e.observed)}</dd>
        <dt>{t("ledger.col.recorded")}</dt>
        <dd className="data">{exact(e.recorded)}</dd>
        <dt>{t("ledger.col.hash")}</dt>
        <dd className="data">{e.hash}</dd>
      </dl>
      <h4 className="section-title">{t("ledger.body")}</h4>
      <Facts value={e.body} own="ledger.field" />
    </div>
  );
}

function EntryDrawer({ entry }: { entry: LedgerEntry | undefined }): ReactElement {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={entry !== undefined}
      onClose={() => go(["ledger"])}
      position="right"
      size={520}
      title={<b className="strong">{t("ledger.entry", { n: num(entry?.n) })}</b>}
      closeButtonProps={{ "aria-label": t("act.close") }}
    >
      {entry && <Entry e={entry} />}
    </Drawer>
  );
}

/* One entry by its number: the ledger's cursor is the number below which a page begins. */
function useEntry(n: number | null, rows: LedgerEntry[]): { entry: LedgerEntry | undefined; lost: boolean } {
  const known = rows.find((e) => e.n === n);
  const one = useQuery({
    queryKey: ["ledger", "one", n],
    queryFn: () => get<LedgerData>("/ledger", { limit: 1, cursor: (n ?? 0) + 1 }),
    enabled: n !== null && !known,
  });
  const entry = known ?? one.data?.items.find((e) => e.n === n);
  return { entry: n === null ? undefined : entry, lost: n !== null && !entry && (one.isSuccess || one.isError) };
}

export default function LedgerPage(): ReactElement {
  const { t } = useTranslation();
  const { query } = useRoute();
  const [kind, setKind] = useState("");
  const [asked, setAsked] = useState("");
  const columns = useColumns();
  useEffect(() => {
    const timer = setTimeout(() => setAsked(kind.trim()), 300);
    return () => clearTimeout(timer);
  }, [kind]);
  const n = query.get("n") ? Number(query.get("n")) : null;
  const list = usePaged<LedgerEntry, LedgerData>(["ledger"], "/ledger", { kind: asked });
  const { entry, lost } = useEntry(n, list.items);
  return (
    <div className="sheet">
      <div className="sheet-bar">
        <label className="field search">
          <Icon name="search" />
          <input
            value={kind}
            placeholder={t("ledger.kind")}
            aria-label={t("ledger.kind")}
            onChange={(e) => setKind(e.currentTarget.value)}
          />
        </label>
        {list.first?.head && <Head head={list.first.head} />}
      </div>
      {lost && <div className="note unknown">{t("ledger.notFound", { n })}</div>}
      {list.query.isPending && <Skeleton rows={12} />}
      {list.query.isError && (
        <ErrorNote error={list.query.error} what={t("error.load")} retry={() => void list.query.refetch()} />
      )}
      {list.query.data && list.items.length === 0 && <Empty title={t("ledger.none")} />}
      {list.items.length > 0 && (
        <VirtualTable
          label={t("title.ledger")}
          rows={list.items}
          columns={columns}
          id={(e) => String(e.n)}
          height={36}
          phoneHeight={60}
          phone={(e) => (
            <>
              <span className="row">
                <span className="num faint">{num(e.n)}</span>
                <span className="grow">
                  <Kind kind={e.kind} />
                </span>
                <Ago at={e.recorded} className="small faint" />
              </span>
              <span className="small muted cut">
                {e.actor_name ?? e.actor} · {e.subject}
              </span>
            </>
          )}
          selected={n === null ? null : String(n)}
          onOpen={(e) => go(["ledger"], { n: String(e.n) })}
          more={list.more}
        />
      )}
      <EntryDrawer entry={entry} />
    </div>
  );
}
