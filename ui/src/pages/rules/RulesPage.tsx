/* SPDX-License-Identifier: Apache-2.0 */
import type { ColumnDef } from "@tanstack/react-table";
import { useEffect, useMemo, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { usePaged } from "../../api/hooks";
import type { Rule, RulePage } from "../../api/types";
import { may, useSession } from "../../app/session";
import { both, currentLang } from "../../i18n/lang";
import { num } from "../../lib/format";
import { go, useRoute } from "../../lib/route";
import { Btn, Chip } from "../../ui/Btn";
import { Icon } from "../../ui/Icon";
import { Mark, Sev } from "../../ui/Mark";
import { Empty, ErrorNote, Skeleton } from "../../ui/States";
import { VirtualTable } from "../../ui/VirtualTable";
import { ImportRules } from "./ImportRules";
import { RuleDrawer } from "./RuleDrawer";

export const ruleTitle = (r: Rule): string => (currentLang() === "vi" && r.title_vi) || r.title || r.file;

/* A refused rule may have told no id: then its place names it. */
export const ruleKey = (r: Rule): string => r.id || `${r.file}:${r.line ?? 0}`;

export function logsource(r: Rule): string {
  if (!r.logsource) return "–";
  return typeof r.logsource === "string" ? r.logsource : Object.values(r.logsource).filter(Boolean).join(" / ");
}

export function Level({ level }: { level: Rule["level"] }): ReactElement {
  return level ? <Sev severity={level} /> : <span className="faint">–</span>;
}

/* Loaded is not enough: a rule whose log source nobody sends cannot fire, and says so. */
export function RuleMark({ r }: { r: Rule }): ReactElement {
  const { t } = useTranslation();
  if (r.status === "refused") return <Mark state="failed" word={t("rules.status.refused")} />;
  return r.can_fire ? (
    <Mark state="met" word={t("rules.status.fire")} />
  ) : (
    <Mark state="unknown" word={t("rules.status.deaf")} />
  );
}

function useColumns(): ColumnDef<Rule>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        id: "title",
        accessorFn: ruleTitle,
        header: t("rules.col.title"),
        meta: { track: "minmax(260px, 2fr)" },
        cell: (c) => (
          <span className="two-line">
            <b className="strong cut">{ruleTitle(c.row.original)}</b>
            <span className={c.row.original.reason ? "cut t-failed" : "cut"}>
              {both(c.row.original.reason) || c.row.original.file}
            </span>
          </span>
        ),
      },
      {
        id: "level",
        enableSorting: false,
        header: t("rules.col.level"),
        meta: { track: "120px" },
        cell: (c) => <Level level={c.row.original.level} />,
      },
      {
        id: "status",
        enableSorting: false,
        header: t("rules.col.status"),
        meta: { track: "144px" },
        cell: (c) => <RuleMark r={c.row.original} />,
      },
      {
        id: "source",
        accessorFn: logsource,
        header: t("rules.col.source"),
        meta: { track: "minmax(140px, 1fr)" },
        cell: (c) => <span className="data cut block">{logsource(c.row.original)}</span>,
      },
      {
        id: "fired",
        accessorKey: "alerts_24h",
        header: t("rules.col.fired"),
        meta: { track: "128px", right: true },
        cell: (c) => <span className="num">{num(c.row.original.alerts_24h)}</span>,
      },
      {
        id: "origin",
        accessorKey: "origin",
        header: t("rules.col.origin"),
        meta: { track: "112px" },
        cell: (c) => t(`rules.origin.${c.row.original.origin}`),
      },
    ],
    [t],
  );
}

function Bar({
  q,
  state,
  counts,
  onImport,
}: {
  q: string;
  state: string;
  counts: RulePage["counts"];
  onImport: (() => void) | null;
}): ReactElement {
  const { t } = useTranslation();
  const [text, setText] = useState(q);
  useEffect(() => {
    const timer = setTimeout(() => text !== q && go(["rules"], { q: text, state }, true), 250);
    return () => clearTimeout(timer);
  }, [text, q, state]);
  return (
    <div className="sheet-bar">
      <label className="field search">
        <Icon name="search" />
        <input
          value={text}
          placeholder={t("rules.filter")}
          aria-label={t("rules.filter")}
          onChange={(e) => setText(e.currentTarget.value)}
        />
      </label>
      <div className="chips">
        {(["all", "loaded", "refused"] as const).map((s) => (
          <Chip
            key={s}
            on={(state || "all") === s}
            onClick={() => go(["rules"], { q: text, state: s === "all" ? null : s }, true)}
          >
            {t(`rules.chip.${s}`)}
          </Chip>
        ))}
      </div>
      {counts && (
        <>
          <Mark state="met" word={t("rules.canFire", { n: num(counts.can_fire) })} />
          <Mark state="unknown" word={t("rules.deaf", { n: num(counts.loaded - counts.can_fire) })} />
          {counts.refused > 0 && <Mark state="failed" word={t("rules.refused", { n: num(counts.refused) })} />}
          {Boolean(counts.evicted_groups || counts.evicted_matches) && (
            <Mark
              state="failed"
              word={t("rules.evicted", { n: num(counts.evicted_groups ?? 0), m: num(counts.evicted_matches ?? 0) })}
            />
          )}
          {Boolean(counts.late_matches || counts.unlooked_windows) && (
            <Mark
              state="unknown"
              word={t("rules.late", { n: num((counts.late_matches ?? 0) + (counts.unlooked_windows ?? 0)) })}
            />
          )}
        </>
      )}
      <span className="grow" />
      {onImport && (
        <Btn kind="primary" icon="upload" onClick={onImport}>
          {t("rules.import")}
        </Btn>
      )}
    </div>
  );
}

export default function RulesPage(): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const { query, path } = useRoute();
  const [importing, setImporting] = useState(false);
  const q = query.get("q") ?? "";
  const state = query.get("state") ?? "";
  const columns = useColumns();
  const list = usePaged<Rule, RulePage>(["rules"], "/rules", { q, state });
  return (
    <div className="sheet">
      <Bar
        q={q}
        state={state}
        counts={list.first?.counts}
        onImport={may.share(user, "lead") ? () => setImporting(true) : null}
      />
      {list.query.isPending && <Skeleton rows={10} height={48} />}
      {list.query.isError && (
        <ErrorNote error={list.query.error} what={t("error.load")} retry={() => void list.query.refetch()} />
      )}
      {list.query.data && list.items.length === 0 && <Empty title={t("rules.none")} />}
      {list.items.length > 0 && (
        <VirtualTable
          label={t("title.rules")}
          rows={list.items}
          columns={columns}
          id={ruleKey}
          height={48}
          phoneHeight={76}
          phone={(r) => (
            <>
              <b className="strong clamp-1">{ruleTitle(r)}</b>
              <span className="row">
                <Level level={r.level} />
                <RuleMark r={r} />
              </span>
              <span className={r.reason ? "small cut t-failed" : "small cut faint"}>
                {both(r.reason) || logsource(r)}
              </span>
            </>
          )}
          edge={(r) => (r.status === "refused" ? "failed" : r.can_fire ? "" : "unknown")}
          selected={path[1] ?? null}
          onOpen={(r) => go(["rules", ruleKey(r)], Object.fromEntries(query))}
          more={list.more}
        />
      )}
      <RuleDrawer rule={list.items.find((r) => ruleKey(r) === path[1])} />
      <ImportRules opened={importing} close={() => setImporting(false)} />
    </div>
  );
}
