/* SPDX-License-Identifier: Apache-2.0 */
/* The board as one A4 page, black on white: Ctrl+P on the board prints this, #/board/print shows it first.
   State is told by shape and word, unknown by hatching; the ledger's signed head stands on it as a QR code. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../../api/client";
import type { Board, BoardAlerts, BoardMeasures, LedgerPage, Measure } from "../../../api/types";
import { both } from "../../../i18n/lang";
import { clockTime, date, dateTime, num, span } from "../../../lib/format";
import { lunarText } from "../../../lib/lunar";
import { useSlowNow } from "../../../lib/now";
import { go } from "../../../lib/route";
import { stripFrom } from "../../../lib/strip";
import { Btn } from "../../../ui/Btn";
import { Mark, markOf } from "../../../ui/Mark";
import { Qr } from "../../../ui/Qr";
import { directiveName, STATES, useMeasureId, useSpells } from "../Measures";
import { useDirective } from "../MeasureDrawer";
import { Strip, StripDays } from "../Strip";
import { isUnknown, notices, reasonOf, things, type Thing } from "../things";
import "./print.css";

const dueText = (due: string | null): string => (due ? `${clockTime(due, false)} ${date(due).slice(0, 5)}` : "–");

function Masthead({ b }: { b: Board }): ReactElement {
  const { t } = useTranslation();
  const at = Date.parse(b.at);
  return (
    <>
      <div className="mast">
        <div>
          <u>{b.unit ?? t("shell.unit")}</u>
        </div>
        <div>
          <b>{t("print.state")}</b>
          <br />
          <u>{t("print.motto")}</u>
        </div>
      </div>
      <h2 className="sheet-title">
        {t("print.title")}
        <small>
          {t("print.at", { h: clockTime(at, false).slice(0, 2), m: clockTime(at, false).slice(3), d: date(at) })} (
          {lunarText(at)})
        </small>
      </h2>
    </>
  );
}

function TaskTable({ b }: { b: Board }): ReactElement {
  const { t } = useTranslation();
  const tasks = isUnknown(b.tasks) ? [] : b.tasks;
  return (
    <table className="todo-table">
      <thead>
        <tr>
          <th colSpan={2}>{t("board.tasks")}</th>
          <th>{t("print.owner")}</th>
          <th>{t("clock.due")}</th>
        </tr>
      </thead>
      <tbody>
        {tasks.length === 0 && (
          <tr>
            <td colSpan={4}>{isUnknown(b.tasks) ? reasonOf(b.tasks) : t("board.tasksNone")}</td>
          </tr>
        )}
        {tasks.slice(0, 3).map((task, i) => (
          <tr key={i}>
            <td>{i + 1}</td>
            <td>
              <b>{both(task.title)}</b>
              {task.why && <span className="task-why">{both(task.why)}</span>}
            </td>
            <td>{task.owner ?? t("board.noOwner")}</td>
            <td className="num">{dueText(task.due)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function MeasureRow({ m, strip }: { m: Measure; strip: ReactElement }): ReactElement {
  const idOf = useMeasureId();
  const doubt = m.of === null || m.state === "unknown" ? "?" : "";
  const none = m.state === "not_applicable";
  return (
    <tr className={m.state}>
      <td>
        <b>{idOf(m)}</b>
      </td>
      <td>
        <span>{both(m.brief)}</span>
        {!none && m.state !== "met" && <span className="why">{both(m.reason)}</span>}
      </td>
      <td>
        <Mark state={markOf(m.state)} />
      </td>
      <td className="right nowrap">
        <b className="num">{none ? "–" : `${num(m.n)}/${m.of === null ? "" : num(m.of)}${doubt}`}</b>
        {!none && m.age_s !== null && <span className="old">{span(m.age_s)}</span>}
      </td>
      <td>{strip}</td>
    </tr>
  );
}

/* Neighbours that do not apply are one row: "2.a–2.c". */
function merged(items: Measure[]): Measure[] {
  const out: Measure[] = [];
  for (const m of items) {
    const last = out[out.length - 1];
    if (last?.state !== "not_applicable" || m.state !== "not_applicable") out.push(m);
    else {
      const name = (l: "vi" | "en"): string => `${last.brief[l]}; ${m.brief[l]}`;
      out[out.length - 1] = {
        ...last,
        id: `${last.id.split("–")[0]}–${m.id}`,
        brief: { vi: name("vi"), en: name("en") },
      };
    }
  }
  return out;
}

function MeasureTable({ measures, board }: { measures: BoardMeasures; board: Board }): ReactElement {
  const { t } = useTranslation();
  const now = useSlowNow();
  const spells = useSpells(board.measures, now);
  const counts = STATES.map((s) => `${num(measures.counts[s] ?? 0)} ${t(`state.${markOf(s)}`).toLowerCase()}`);
  return (
    <div>
      <h3>
        {t("board.measures", { no: directiveName(measures) })}: {counts.join(", ")}
      </h3>
      <table>
        <thead>
          <tr>
            <th>{t("board.cols.id")}</th>
            <th>{t("print.measure")}</th>
            <th>{t("board.cols.state")}</th>
            <th className="right">{t("print.n")}</th>
            <th>
              <StripDays from={stripFrom(now)} />
            </th>
          </tr>
        </thead>
        <tbody>
          {merged(measures.items).map((m) => (
            <MeasureRow
              key={m.id}
              m={m}
              strip={<Strip past={spells.get(m.id) ?? { id: m.id, spells: [] }} now={now} name={both(m.brief)} />}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ThingCell({ thing }: { thing: Thing }): ReactElement {
  const figure = thing.figure === undefined ? "" : `${thing.figure}${thing.of === undefined ? "" : `/${thing.of}`}`;
  const lines = thing.lines.map((l) => [l.label, l.at ? dateTime(l.at) : l.value].filter(Boolean).join(": "));
  return (
    <div className={thing.why === undefined ? "" : "unknown"}>
      <b>
        {thing.no}. {thing.title}
        {figure && `: ${figure} ${thing.unit ?? ""}`}
      </b>
      {thing.why === undefined ? (
        lines.join("; ")
      ) : (
        <span>
          <Mark state="unknown" /> {thing.why}
        </span>
      )}
    </div>
  );
}

function AlertsCell({ alerts, told }: { alerts: BoardAlerts; told: Thing }): ReactElement {
  const { t } = useTranslation();
  const by = (["critical", "high", "medium"] as const).map(
    (s) => `${num(alerts.by_severity[s] ?? 0)} ${t(`severity.${s}`).toLowerCase()}`,
  );
  return (
    <div>
      <b>
        4. {t("board.alerts")}: {num(alerts.open)}
      </b>
      {by.join(", ")}; {t("board.overdue").toLowerCase()} {num(alerts.overdue)}
      {alerts.oldest && `; ${t("print.soonest", { t: dueText(alerts.oldest.due) })}`}
      <span>
        {told.title}:{" "}
        {told.why ??
          told.lines
            .slice(0, 2)
            .map((l) => [l.label, l.value].filter(Boolean).join(": "))
            .join("; ")}
      </span>
    </div>
  );
}

function Contacts({ board }: { board: Board }): ReactElement | null {
  const { t } = useTranslation();
  const directive = useDirective(board.measures, true);
  const all = directive.data?.contacts ?? [];
  if (all.length === 0) return null;
  return (
    <div className="wide">
      <b>{t("print.contacts")}</b>
      {all
        .map((c) => {
          const way = [c.hotline, c.phone].filter(Boolean).join(", ");
          return `${both(c.name)} ${way}${c.dialable ? "" : ` (${t("print.verifyFirst")})`}`;
        })
        .join("; ")}
    </div>
  );
}

/* The head as a witness keeps it: who scans the page holds the ledger to what it was tonight. */
function Seal(): ReactElement {
  const { t } = useTranslation();
  const ledger = useQuery({
    queryKey: ["ledger", "head"],
    queryFn: () => get<LedgerPage>("/ledger", { limit: 1 }),
    staleTime: 60_000,
    retry: false,
  });
  const head = ledger.data?.head;
  if (!head) return <div className="seal-text">{t("print.noHead")}</div>;
  return (
    <>
      <Qr text={head.text} label={t("print.qr")} size={118} level="L" />
      <div className="seal-text">
        <b>{t("print.head", { n: num(head.size) })}</b>
        <span>
          {t("ledger.signed")} {dateTime(head.signed_at)}
        </span>
        <code>
          {head.root.slice(0, 32)} {head.root.slice(32)}
        </code>
        <span>{t("print.check")}</span>
        <span>{t("print.noSeal")}</span>
      </div>
    </>
  );
}

function Sheet({ b }: { b: Board }): ReactElement {
  const { t } = useTranslation();
  const [duty, ...rest] = things(b, t);
  const told = notices(b, t);
  return (
    <div className="a4">
      <Masthead b={b} />
      <TaskTable b={b} />
      {isUnknown(b.measures) ? <p>{reasonOf(b.measures)}</p> : <MeasureTable measures={b.measures} board={b} />}
      <div className="cols3">
        {duty && <ThingCell thing={duty} />}
        {!isUnknown(b.alerts) && <AlertsCell alerts={b.alerts} told={told} />}
        {rest.map((x) => (
          <ThingCell key={x.key} thing={x} />
        ))}
        <Contacts board={b} />
      </div>
      <p className="how">{t("print.how")}</p>
      <div className="notes">
        <b>{t("print.notes")}</b>
      </div>
      <div className="end">
        <Seal />
        <div className="sign">
          <b>{t("print.giver")}</b>
          {t("print.signHere")}
        </div>
        <div className="sign">
          <b>{t("print.taker")}</b>
          {t("print.signHere")}
        </div>
      </div>
    </div>
  );
}

export default function PrintSheet({ board, preview }: { board: Board; preview: boolean }): ReactElement {
  const { t } = useTranslation();
  useEffect(() => {
    /* the page's name becomes the file's when it is printed to PDF */
    if (!preview) return undefined;
    const old = document.title;
    document.title = `canh ${date(board.at).split("/").reverse().join("-")} ${clockTime(board.at, false).replace(":", "")}`;
    return () => {
      document.title = old;
    };
  }, [preview, board.at]);
  return (
    <div className={preview ? "paper shown" : "paper"}>
      {preview && (
        <div className="paper-bar">
          <Btn icon="back" onClick={() => go(["board"])}>
            {t("title.board")}
          </Btn>
          <Btn kind="primary" icon="print" onClick={() => window.print()}>
            {t("print.act")}
          </Btn>
          <span className="muted small">{t("print.hint")}</span>
        </div>
      )}
      <Sheet b={board} />
    </div>
  );
}
