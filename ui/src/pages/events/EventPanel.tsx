/* SPDX-License-Identifier: Apache-2.0 */
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import type { LogEvent } from "../../api/types";
import { clockTime, date, exact, fraction, lag, num } from "../../lib/format";
import { addTerm, inOrder, termText, words } from "../../lib/query";
import { Btn } from "../../ui/Btn";
import { Copy } from "../../ui/Copy";
import { ErrorNote, Skeleton } from "../../ui/States";
import { FieldName, Marked, valueText } from "../alerts/EventFields";

/* a line of megabytes would freeze the page */
const RAW_MAX = 50_000;
const FIVE_MIN = 5 * 60 * 1000;

function FieldRow({
  name,
  value,
  q,
  onFilter,
}: {
  name: string;
  value: unknown;
  q: string;
  onFilter: (q: string) => void;
}): ReactElement {
  const { t } = useTranslation();
  const values = Array.isArray(value) ? (value as unknown[]) : [value];
  return (
    <>
      <dt title={name}>
        <FieldName name={name} />
      </dt>
      <dd>
        {values.map((v, i) => {
          const term = { field: name, value: valueText(v) };
          return (
            <button
              key={i}
              type="button"
              title={t("events.filterBy", { term: termText(term) })}
              onClick={() => onFilter(addTerm(q, term))}
            >
              <Marked text={term.value || "–"} words={words(q)} />
            </button>
          );
        })}
      </dd>
    </>
  );
}

interface PanelProps {
  id: string;
  known: LogEvent | undefined;
  q: string;
  onFilter: (q: string) => void;
  onClose: () => void;
  onMove: (next: Record<string, string | null>) => void;
}

function Body({
  e,
  q,
  onFilter,
  onMove,
}: { e: LogEvent } & Pick<PanelProps, "q" | "onFilter" | "onMove">): ReactElement {
  const { t } = useTranslation();
  const at = Date.parse(e.time);
  const around = (): void =>
    onMove({
      q: "",
      from: new Date(at - FIVE_MIN).toISOString(),
      to: new Date(at + FIVE_MIN).toISOString(),
      range: null,
    });
  return (
    <div className="ev-body">
      <div className="sec">
        {t("events.raw")}
        <span>{t("events.rawHint")}</span>
      </div>
      <pre className="ev-raw">
        <Marked text={e.raw.slice(0, RAW_MAX)} words={words(q)} />
      </pre>
      {e.raw.length > RAW_MAX && (
        <p className="note unknown">{t("events.rawCut", { n: num(RAW_MAX), all: num(e.raw.length) })}</p>
      )}
      <div className="ev-acts">
        <Copy text={e.raw} />
        <Btn small icon="clock" onClick={around}>
          {t("events.around")}
        </Btn>
      </div>
      <div className="sec">
        {t("events.fields")}
        <span>
          {num(Object.keys(e.fields).length)} · {t("events.fieldsHint")}
        </span>
      </div>
      <dl className="ev-fields">
        {inOrder(e.fields).map(([k, v]) => (
          <FieldRow key={k} name={k} value={v} q={q} onFilter={onFilter} />
        ))}
      </dl>
    </div>
  );
}

export function EventPanel({ id, known, q, onFilter, onClose, onMove }: PanelProps): ReactElement {
  const { t } = useTranslation();
  const one = useQuery({
    queryKey: ["events", "one", id],
    queryFn: () => get<LogEvent>(`/events/${encodeURIComponent(id)}`),
    enabled: !known,
    ...(known ? { initialData: known } : {}),
  });
  const e = known ?? one.data;
  return (
    <aside className="ev" aria-label={t("events.event")}>
      <header>
        <div className="row">
          <h2 className="num" title={e ? exact(e.time) : ""}>
            {e ? `${clockTime(e.time)}.${fraction(e.time)} ${date(e.time)}` : t("events.event")}
          </h2>
          <span className="grow" />
          <Btn small kind="quiet" icon="x" onClick={onClose} aria-label={t("act.close")} />
        </div>
        {e && (
          <span className="faint small">
            {t("events.source")} <b className="ink">{e.source.name}</b> · {t("events.format")} {e.format} ·{" "}
            {t("events.received", { t: lag(Math.max(0, Date.parse(e.received) - Date.parse(e.time))) })} · #{num(e.seq)}
          </span>
        )}
      </header>
      {!e && one.isPending && <Skeleton />}
      {!e && one.isError && <ErrorNote error={one.error} what={t("events.gone")} />}
      {e && <Body e={e} q={q} onFilter={onFilter} onMove={onMove} />}
    </aside>
  );
}
