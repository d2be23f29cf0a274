/* SPDX-License-Identifier: Apache-2.0 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type CSSProperties, type ReactElement, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Alert, AlertState } from "../../api/types";
import { both } from "../../i18n/lang";
import { num } from "../../lib/format";
import { href } from "../../lib/route";
import { Icon } from "../../ui/Icon";
import { Sev } from "../../ui/Mark";
import { Ago, Clock } from "../../ui/Time";
import { usePhone } from "../../ui/phone";
import { runningClock, type Line } from "./model";

function Where({ a }: { a: Alert }): ReactElement {
  const { t } = useTranslation();
  const first = a.hosts[0] ?? a.addresses[0];
  const rest = a.hosts.length > 1 ? t("alerts.hostsMore", { n: a.hosts.length - 1 }) : "";
  /* a bare code says nothing without its field, which the card names */
  const matched = (a.matched ?? "").length > 4 ? a.matched : "";
  const note = a.indicator ? a.indicator.value : matched;
  return (
    <span className="where">
      {a.exercise && <span className="sim">{t("alerts.drillBadge")}</span>}
      {first && <span className="data">{first}</span>}
      {rest && <span>{rest}</span>}
      <span className="cut grow">{note}</span>
      {a.count > 1 && (
        <span className="num" aria-label={t("alerts.count", { n: num(a.count) })}>
          ×{num(a.count)}
        </span>
      )}
    </span>
  );
}

/* one without a second line has room for a longer name */
const nowhere = (a: Alert): boolean =>
  !a.exercise && !a.hosts[0] && !a.addresses[0] && !a.indicator && !a.matched && a.count <= 1;

function When({ a }: { a: Alert }): ReactElement {
  const { t } = useTranslation();
  const running = runningClock(a);
  if (running?.clock.due) return <Clock due={running.clock.due} from={running.from} />;
  const done = a.clocks.handle?.done ?? a.clocks.acknowledge?.done;
  /* under a head that says so, not once more in each row */
  const closed = a.state === "handled" || a.state === "verified_false";
  return done ? (
    <span className="small faint">
      {!closed && t("clock.done")} <Ago at={done} />
    </span>
  ) : (
    <Ago at={a.last_seen} className="small faint" />
  );
}

interface RowProps {
  a: Alert;
  selected: boolean;
  picked: boolean;
  canPick: boolean;
  onPick: (id: string) => void;
  style: CSSProperties;
}

function AlertRow({ a, selected, picked, canPick, onPick, style }: RowProps): ReactElement {
  const { t } = useTranslation();
  const phone = usePhone();
  const names = ["a", a.state === "new" && "new", selected && "sel", picked && "picked", phone && "narrow"];
  return (
    <div role="listitem" className={names.filter(Boolean).join(" ")} style={style} data-id={a.id}>
      {canPick && !phone && (
        <input
          type="checkbox"
          aria-label={`${t("keys.pick")}: ${both(a.title)}`}
          checked={picked}
          onChange={() => onPick(a.id)}
        />
      )}
      <a className="hit" href={href(["alerts", a.id])} aria-current={selected ? "true" : undefined}>
        <Sev severity={a.severity} />
        <span className="text">
          <span className={phone || nowhere(a) ? "name clamp-2" : "name cut"}>{both(a.title)}</span>
          {!nowhere(a) && <Where a={a} />}
        </span>
        <span className={a.assignee ? "st cut" : "st cut faint"}>{a.assignee?.name ?? t("alerts.nobody")}</span>
        <When a={a} />
      </a>
    </div>
  );
}

interface GroupProps {
  line: Extract<Line, { kind: "group" }>;
  toggle: (state: AlertState) => void;
  pickAll: ((state: AlertState) => void) | null;
  style?: CSSProperties;
}

function GroupRow({ line, toggle, pickAll, style }: GroupProps): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="group" role="listitem" style={style}>
      <h2>
        <button type="button" aria-expanded={line.open} onClick={() => toggle(line.state)}>
          <Icon name="down" className={line.open ? "ic" : "ic shut"} />
          {t(`alerts.group.${line.state}`)}
          <span className="num">
            {num(line.n)}
            {line.more && "+"}
          </span>
        </button>
      </h2>
      <span className="faint grow right">{t(`alerts.groupHint.${line.state}`)}</span>
      {pickAll && line.open && (
        <button type="button" className="t-accent pick-all" onClick={() => pickAll(line.state)}>
          {t("alerts.bulk.all")}
        </button>
      )}
    </div>
  );
}

interface ListProps {
  lines: Line[];
  selected: string | null;
  picked: Set<string>;
  canPick: boolean;
  onPick: (id: string) => void;
  onPickAll: (state: AlertState) => void;
  toggle: (state: AlertState) => void;
  more: (state: AlertState) => void;
  tail: ReactNode;
}

const GROUP = 30;
const AHEAD = 20;

/* The head under which the first row in sight stands. */
function headOf(lines: Line[], at: number): Extract<Line, { kind: "group" }> | null {
  for (let i = at; i >= 0; i--) {
    const line = lines[i];
    if (line?.kind === "group") return line;
  }
  return null;
}

export function AlertList(props: ListProps): ReactElement {
  const { lines, selected, picked, more, toggle } = props;
  const { t } = useTranslation();
  const phone = usePhone();
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: (i) => (lines[i]?.kind === "group" ? GROUP : phone ? 84 : 48),
    overscan: 10,
    scrollPaddingStart: GROUP,
  });
  const items = virtual.getVirtualItems();
  const last = items[items.length - 1]?.index ?? 0;
  /* the sections whose end is near are read on */
  useEffect(() => {
    for (let i = 0; i < lines.length; i++) {
      const [line, next] = [lines[i], lines[i + 1]];
      const ends = line?.kind === "alert" && next?.kind !== "alert";
      if (ends && last >= i - AHEAD) more(line.section);
    }
  }, [last, lines, more]);
  useEffect(() => virtual.measure(), [virtual, lines, phone]);
  const at = lines.findIndex((l) => l.kind === "alert" && l.alert.id === selected);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
  }, [at, virtual]);
  const top = virtual.getVirtualItemForOffset(virtual.scrollOffset ?? 0)?.index ?? 0;
  const pickAll = props.canPick && !phone ? props.onPickAll : null;
  const head = (virtual.scrollOffset ?? 0) > 0 ? headOf(lines, top) : null;
  return (
    <div className="scroll" ref={box}>
      {head && (
        <div className="group-now" aria-hidden="true" inert>
          <GroupRow line={head} toggle={toggle} pickAll={null} />
        </div>
      )}
      <div role="list" aria-label={t("alerts.list")} className="vt-body" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const line = lines[item.index];
          const style = { height: item.size, transform: `translateY(${item.start}px)` };
          if (!line) return null;
          if (line.kind === "group")
            return <GroupRow key={line.state} line={line} toggle={toggle} pickAll={pickAll} style={style} />;
          const { id } = line.alert;
          return (
            <AlertRow
              key={id}
              a={line.alert}
              selected={id === selected}
              picked={picked.has(id)}
              canPick={props.canPick}
              onPick={props.onPick}
              style={style}
            />
          );
        })}
      </div>
      {props.tail}
    </div>
  );
}
