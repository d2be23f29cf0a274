/* SPDX-License-Identifier: Apache-2.0 */
import type { ColumnDef } from "@tanstack/react-table";
import { useMemo, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { LogEvent } from "../../api/types";
import { clockTime, date, exact, fraction } from "../../lib/format";
import { useKeys } from "../../lib/keys";
import { rowText } from "../../lib/summary";
import { VirtualTable } from "../../ui/VirtualTable";
import { Marked, valueText } from "../alerts/EventFields";

const LONG = 400;

function first(e: LogEvent, ...names: string[]): string {
  for (const n of names) {
    const v = e.fields[n];
    if (v !== undefined && v !== null && v !== "") return valueText(Array.isArray(v) ? v[0] : v);
  }
  return "";
}

function Time({ e, day }: { e: LogEvent; day: boolean }): ReactElement {
  return (
    <time dateTime={e.time} title={exact(e.time)} className="t">
      {day && `${date(e.time).slice(0, 5)} `}
      {clockTime(e.time)}.{fraction(e.time)}
    </time>
  );
}

interface RowsProps {
  rows: LogEvent[];
  words: string[];
  selected: string | null;
  onPick: (id: string | null) => void;
  more: (() => void) | undefined;
}

export function Rows({ rows, words, selected, onPick, more }: RowsProps): ReactElement {
  const { t } = useTranslation();
  const days = new Set([date(rows[0]?.time), date(rows[rows.length - 1]?.time)]).size > 1;
  const columns = useMemo<ColumnDef<LogEvent>[]>(
    () => [
      {
        id: "time",
        header: t("events.col.time"),
        enableSorting: false,
        meta: { track: days ? "148px" : "104px" },
        cell: (c) => <Time e={c.row.original} day={days} />,
      },
      {
        id: "host",
        header: t("events.col.host"),
        enableSorting: false,
        meta: { track: "112px" },
        cell: (c) => first(c.row.original, "host.name", "host.hostname", "observer.name", "devname", "Computer"),
      },
      {
        id: "from",
        header: t("events.col.from"),
        enableSorting: false,
        meta: { track: "124px" },
        cell: (c) => first(c.row.original, "source.ip", "client.ip", "srcip"),
      },
      {
        id: "text",
        header: t("events.col.text"),
        enableSorting: false,
        cell: (c) => <Marked text={rowText(c.row.original, words).slice(0, LONG)} words={words} />,
      },
    ],
    [t, words, days],
  );
  const step = (by: 1 | -1): void => {
    const at = rows.findIndex((r) => r.id === selected);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next) onPick(next.id);
  };
  useKeys({ j: () => step(1), k: () => step(-1), Escape: () => selected && onPick(null) });
  return (
    <VirtualTable
      label={t("title.events")}
      rows={rows}
      columns={columns}
      id={(e) => e.id}
      height={26}
      phoneHeight={76}
      phone={(e) => (
        <>
          <span className="row small">
            <Time e={e} day={days} />
            <b className="data cut">{first(e, "host.name", "devname", "Computer") || e.source.name}</b>
          </span>
          <span className="data clamp-2">
            <Marked text={rowText(e, words).slice(0, LONG)} words={words} />
          </span>
        </>
      )}
      selected={selected}
      onOpen={(e) => onPick(e.id)}
      more={more}
    />
  );
}
