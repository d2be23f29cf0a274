/* SPDX-License-Identifier: Apache-2.0 */
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAlertCounts, usePaged } from "../../api/hooks";
import type { Alert, AlertDetail, AlertPage as AlertPageData, Severity } from "../../api/types";
import { may, useSession } from "../../app/session";
import { useKeys } from "../../lib/keys";
import { go, useRoute } from "../../lib/route";
import { ErrorNote, Skeleton } from "../../ui/States";
import { usePhone } from "../../ui/VirtualTable";
import { AlertCard } from "./AlertCard";
import { AlertList } from "./AlertList";
import "./alerts.css";
import { Blind, NoAlerts } from "./Blind";
import { BulkBar } from "./BulkBar";
import "./card.css";
import { ExceptionList } from "./ExceptionList";
import { FilterBar, TabBar } from "./FilterBar";
import { KeyBar, KeyHelp } from "./Keys";
import { ManualAlert } from "./ManualAlert";
import { group, step, TABS, toQuery, type Act, type Filter, type Line, type Tab } from "./model";
import { useTriage } from "./useTriage";
import { VerdictDialog } from "./VerdictDialog";

interface Boxes {
  verdict: { alert: Alert; verdict: "true" | "false" } | null;
  manual: boolean;
  help: boolean;
}

function useFilter(): [Filter, (f: Filter) => void] {
  const { path, query } = useRoute();
  const tab = TABS.find((x) => x === query.get("tab")) ?? "open";
  const filter: Filter = {
    tab,
    q: query.get("q") ?? "",
    severity: (query.get("severity") ?? "").split(",").filter(Boolean) as Severity[],
  };
  const set = (f: Filter): void =>
    go(
      ["alerts", ...(path[1] ? [path[1]] : [])],
      { tab: f.tab === "open" ? null : f.tab, q: f.q, severity: f.severity.join(",") },
      true,
    );
  return [filter, set];
}

function useAlertKeys(
  lines: Line[],
  selected: string | null,
  act: (a: Alert, what: Act | "mine") => void,
  rest: Record<string, () => void>,
): void {
  const { query } = useRoute();
  const client = useQueryClient();
  /* an alert that a filter or its own handling took off the list is still the one on the card */
  const find = (): Alert | null => {
    const line = lines.find((l) => l.kind === "alert" && l.alert.id === selected);
    if (line?.kind === "alert") return line.alert;
    return client.getQueryData<AlertDetail>(["alerts", "one", selected]) ?? null;
  };
  const move = (by: 1 | -1): void => {
    const next = step(lines, selected, by);
    if (next) go(["alerts", next], Object.fromEntries(query), selected !== null);
  };
  const on = (what: Act | "mine") => () => {
    const alert = find();
    if (alert) act(alert, what);
  };
  useKeys({
    ...rest,
    j: () => move(1),
    k: () => move(-1),
    Enter: () => document.getElementById("alert-card")?.focus(),
    a: on("ack"),
    t: on("true"),
    f: on("false"),
    h: on("handle"),
    m: on("mine"),
  });
}

function ListPane(props: {
  filter: Filter;
  set: (f: Filter) => void;
  selected: string | null;
  act: (a: Alert, what: Act | "mine") => void;
  open: (b: Partial<Boxes>) => void;
}): ReactElement {
  const { filter, set, selected } = props;
  const { t } = useTranslation();
  const { user } = useSession();
  const counts = useAlertCounts();
  const search = useRef<HTMLInputElement>(null);
  const [picked, setPicked] = useState<Set<string>>(new Set());
  const list = usePaged<Alert, AlertPageData>(["alerts", "list"], "/alerts", toQuery(filter, user.id));
  const lines = useMemo(() => group(list.items), [list.items]);
  const pick = (id: string): void =>
    setPicked((old) => {
      const next = new Set(old);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  useAlertKeys(lines, selected, props.act, {
    x: () => selected && pick(selected),
    "/": () => search.current?.focus(),
    "?": () => props.open({ help: true }),
    n: () => props.open({ manual: true }),
    Escape: () => selected && go(["alerts"]),
    c: () => document.getElementById("alert-comment")?.focus(),
  });
  const setTab = (tab: Tab): void => set({ ...filter, tab });
  const canWrite = may.triage(user.role);
  return (
    <section className="list" aria-label={t("alerts.list")}>
      <TabBar filter={filter} onTab={setTab} counts={counts.data?.counts} />
      {filter.tab === "exceptions" ? (
        <ExceptionList />
      ) : (
        <>
          <FilterBar
            filter={filter}
            onFilter={set}
            searchRef={search}
            onManual={canWrite ? () => props.open({ manual: true }) : null}
          />
          {picked.size > 0 && <BulkBar ids={[...picked]} alerts={list.items} clear={() => setPicked(new Set())} />}
          {list.query.isPending && <Skeleton rows={8} height={48} />}
          {list.query.isError && (
            <ErrorNote error={list.query.error} what={t("error.load")} retry={() => void list.query.refetch()} />
          )}
          {list.query.data && (
            <AlertList
              lines={lines}
              selected={selected}
              picked={picked}
              canPick={canWrite}
              onPick={pick}
              more={list.more}
              tail={lines.length === 0 ? <NoAlerts filter={filter} /> : <Blind />}
            />
          )}
        </>
      )}
      <KeyBar onHelp={() => props.open({ help: true })} />
    </section>
  );
}

export default function AlertsPage(): ReactElement {
  const { path, query } = useRoute();
  const { t } = useTranslation();
  const { user } = useSession();
  const phone = usePhone();
  const [filter, setFilter] = useFilter();
  const [boxes, setBoxes] = useState<Boxes>({ verdict: null, manual: false, help: false });
  const triage = useTriage();
  const selected = path[1] ?? null;
  const open = (b: Partial<Boxes>): void => setBoxes((old) => ({ ...old, ...b }));
  const act = (alert: Alert, what: Act | "mine"): void => {
    if (!may.triage(user.role)) return;
    if (what === "ack") triage.acknowledge(alert);
    else if (what === "handle") triage.handle(alert);
    else if (what === "mine") triage.assign(alert, { id: user.id, name: user.display_name || user.name });
    else open({ verdict: { alert, verdict: what } });
  };
  const back = (): void => go(["alerts"], Object.fromEntries(query));
  return (
    <div className="alerts">
      <div hidden={phone && selected !== null} className="pane">
        <ListPane filter={filter} set={setFilter} selected={selected} act={act} open={open} />
      </div>
      {selected ? (
        <AlertCard key={selected} id={selected} act={act} triage={triage} onBack={phone ? back : null} />
      ) : (
        !phone && <div className="panel empty">{t("alerts.pick")}</div>
      )}
      <VerdictDialog ask={boxes.verdict} triage={triage} close={() => open({ verdict: null })} />
      <ManualAlert opened={boxes.manual} close={() => open({ manual: false })} />
      <KeyHelp opened={boxes.help} close={() => open({ help: false })} />
    </div>
  );
}
