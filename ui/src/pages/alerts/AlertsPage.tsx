/* SPDX-License-Identifier: Apache-2.0 */
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAlertCounts } from "../../api/hooks";
import type { Alert, AlertDetail, AlertState, Severity } from "../../api/types";
import { may, useSession } from "../../app/session";
import { useKeys } from "../../lib/keys";
import { go, useRoute } from "../../lib/route";
import { ErrorNote, Skeleton } from "../../ui/States";
import { undoLast } from "../../ui/toast";
import { usePhone } from "../../ui/phone";
import { AlertCard } from "./AlertCard";
import { AlertList } from "./AlertList";
import "./alerts.css";
import { Blind, NoAlerts } from "./Blind";
import { BulkBar } from "./BulkBar";
import { Drill } from "./Drill";
import "./card.css";
import { ExceptionList } from "./ExceptionList";
import { FilterBar, TabBar } from "./FilterBar";
import { KeyBar } from "./Keys";
import { ManualAlert } from "./ManualAlert";
import { lines, step, TABS, type Act, type Filter, type Line, type Section, type Tab } from "./model";
import { useSections } from "./useSections";
import { useTriage } from "./useTriage";
import { VerdictDialog, type Ask } from "./VerdictDialog";

/* the server takes no more at once */
const BULK_MAX = 500;

interface Boxes {
  verdict: Ask | null;
  manual: boolean;
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
  rows: Line[],
  selected: string | null,
  act: (a: Alert, what: Act | "mine") => void,
  rest: Record<string, () => void>,
): void {
  const { query } = useRoute();
  const client = useQueryClient();
  /* an alert that a filter or its own handling took off the list is still the one on the card */
  const find = (): Alert | null => {
    const line = rows.find((l) => l.kind === "alert" && l.alert.id === selected);
    if (line?.kind === "alert") return line.alert;
    return client.getQueryData<AlertDetail>(["alerts", "one", selected]) ?? null;
  };
  const move = (by: 1 | -1): void => {
    const next = step(rows, selected, by);
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
    u: undoLast,
  });
}

interface Picked {
  picked: Set<string>;
  pick: (id: string) => void;
  pickAll: (state: AlertState) => void;
  clear: () => void;
}

/* What was chosen with x or a click; a second "choose all" takes the whole section off again. */
function usePicked(sections: Section[]): Picked {
  const [picked, setPicked] = useState<Set<string>>(new Set());
  const pick = (id: string): void =>
    setPicked((old) => {
      const next = new Set(old);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const pickAll = (state: AlertState): void => {
    const all = sections.find((x) => x.state === state)?.alerts.slice(0, BULK_MAX) ?? [];
    setPicked((old) => {
      const whole = all.every((a) => old.has(a.id));
      const next = new Set(old);
      for (const a of all) {
        if (whole) next.delete(a.id);
        else next.add(a.id);
      }
      return next;
    });
  };
  return { picked, pick, pickAll, clear: () => setPicked(new Set()) };
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
  const list = useSections(filter, user.id);
  const rows = useMemo(() => lines(list.sections), [list.sections]);
  const { picked, pick, pickAll, clear } = usePicked(list.sections);
  useAlertKeys(rows, selected, props.act, {
    x: () => selected && pick(selected),
    "/": () => search.current?.focus(),
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
          {filter.tab === "drill" && <Drill />}
          <FilterBar
            filter={filter}
            onFilter={set}
            searchRef={search}
            onManual={canWrite ? () => props.open({ manual: true }) : null}
          />
          {picked.size > 0 && (
            <BulkBar
              ids={[...picked]}
              alerts={list.sections.flatMap((x) => x.alerts)}
              clear={clear}
              ask={(alerts) => props.open({ verdict: { alerts, verdict: "false" } })}
            />
          )}
          {list.error !== null && <ErrorNote error={list.error} what={t("error.load")} retry={list.retry} />}
          {rows.length === 0 && (list.pending || list.sections.some((x) => x.open && x.more)) ? (
            <Skeleton rows={12} height={48} />
          ) : (
            <AlertList
              lines={rows}
              selected={selected}
              picked={picked}
              canPick={canWrite}
              onPick={pick}
              onPickAll={pickAll}
              toggle={list.toggle}
              more={list.more}
              tail={rows.length === 0 ? <NoAlerts filter={filter} /> : <Blind />}
            />
          )}
        </>
      )}
      <KeyBar />
    </section>
  );
}

export default function AlertsPage(): ReactElement {
  const { path, query } = useRoute();
  const { t } = useTranslation();
  const { user } = useSession();
  const phone = usePhone();
  const [filter, setFilter] = useFilter();
  const [boxes, setBoxes] = useState<Boxes>({ verdict: null, manual: false });
  const triage = useTriage();
  const selected = path[1] ?? null;
  const open = (b: Partial<Boxes>): void => setBoxes((old) => ({ ...old, ...b }));
  const act = (alert: Alert, what: Act | "mine"): void => {
    if (!may.triage(user.role)) return;
    if (what === "ack") triage.acknowledge(alert);
    else if (what === "handle") triage.handle(alert);
    else if (what === "mine") triage.assign(alert, { id: user.id, name: user.display_name || user.name });
    else open({ verdict: { alerts: [alert], verdict: what } });
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
    </div>
  );
}
