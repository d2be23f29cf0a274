/* SPDX-License-Identifier: Apache-2.0 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type CSSProperties, type ReactElement, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { both } from "../../i18n/lang";
import { num } from "../../lib/format";
import { href } from "../../lib/route";
import { Sev } from "../../ui/Mark";
import { Ago, Clock } from "../../ui/Time";
import { usePhone } from "../../ui/VirtualTable";
import { runningClock, type Line } from "./model";

function Where({ a }: { a: Alert }): ReactElement {
  const { t } = useTranslation();
  const first = a.hosts[0] ?? a.addresses[0];
  const rest = a.hosts.length > 1 ? t("alerts.hostsMore", { n: a.hosts.length - 1 }) : "";
  const note = a.indicator ? a.indicator.value : (a.matched ?? "");
  return (
    <span className="where">
      {a.exercise && <span className="sim">{t("alerts.drillBadge")}</span>}
      {first && <span className="data">{first}</span>}
      {rest && <span>{rest}</span>}
      <span className="cut">{note}</span>
    </span>
  );
}

function When({ a }: { a: Alert }): ReactElement {
  const { t } = useTranslation();
  const running = runningClock(a);
  if (running?.clock.due) return <Clock due={running.clock.due} from={running.from} />;
  const done = a.clocks.handle?.done ?? a.clocks.acknowledge?.done;
  return done ? (
    <span className="clock stop">
      <span className="small">
        {t("clock.done")} <Ago at={done} />
      </span>
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
          aria-label={`${t("alerts.keys.pick")}: ${both(a.title)}`}
          checked={picked}
          onChange={() => onPick(a.id)}
        />
      )}
      <a className="hit" href={href(["alerts", a.id])} aria-current={selected ? "true" : undefined}>
        <Sev severity={a.severity} />
        <span className="text">
          <span className={phone ? "name clamp-2" : "name cut"}>{both(a.title)}</span>
          <Where a={a} />
        </span>
        <span className="x num" aria-label={t("alerts.count", { n: num(a.count) })}>
          ×{num(a.count)}
        </span>
        <span className="st cut">{a.assignee?.name ?? t(`alerts.st.${a.state}`)}</span>
        <When a={a} />
      </a>
    </div>
  );
}

function GroupRow({ line, style }: { line: Extract<Line, { kind: "group" }>; style: CSSProperties }): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="group" role="listitem" style={style}>
      <b role="heading" aria-level={2}>
        {t(`alerts.group.${line.state}`)}
      </b>
      <span className="num">{num(line.n)}</span>
    </div>
  );
}

interface ListProps {
  lines: Line[];
  selected: string | null;
  picked: Set<string>;
  canPick: boolean;
  onPick: (id: string) => void;
  more: (() => void) | undefined;
  tail: ReactNode;
}

export function AlertList({ lines, selected, picked, canPick, onPick, more, tail }: ListProps): ReactElement {
  const { t } = useTranslation();
  const phone = usePhone();
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: (i) => (lines[i]?.kind === "group" ? 28 : phone ? 92 : 48),
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const last = items[items.length - 1]?.index ?? 0;
  useEffect(() => {
    if (more && last >= lines.length - 20) more();
  }, [last, lines.length, more]);
  useEffect(() => virtual.measure(), [virtual, lines, phone]);
  const at = lines.findIndex((l) => l.kind === "alert" && l.alert.id === selected);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
  }, [at, virtual]);
  return (
    <div className="scroll" ref={box}>
      <div role="list" aria-label={t("alerts.list")} className="vt-body" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const line = lines[item.index];
          const style = { height: item.size, transform: `translateY(${item.start}px)` };
          if (!line) return null;
          if (line.kind === "group") return <GroupRow key={line.state} line={line} style={style} />;
          const { id } = line.alert;
          return (
            <AlertRow
              key={id}
              a={line.alert}
              selected={id === selected}
              picked={picked.has(id)}
              canPick={canPick}
              onPick={onPick}
              style={style}
            />
          );
        })}
      </div>
      {tail}
    </div>
  );
}
