/* SPDX-License-Identifier: Apache-2.0 */
/* The board on the wall: read from four metres, nothing to click, nothing to scroll. Every size is a share of the
   screen, so that it fills 1080p and 4K alike. Dark; #/wall?theme=light for a bright room.
   A wall that has lost the server must never look calm: it says so across the whole screen. */
import { useEffect, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useBoard } from "../../../api/hooks";
import { useLink } from "../../../app/live";
import type { Board, BoardTask, Measure } from "../../../api/types";
import { both } from "../../../i18n/lang";
import { clockTime, date, num, span, weekday } from "../../../lib/format";
import { lunarText } from "../../../lib/lunar";
import { useNow } from "../../../lib/now";
import { useRoute } from "../../../lib/route";
import { Mark, markOf } from "../../../ui/Mark";
import { BigClock } from "../../../ui/Time";
import { Fraction, useMeasureId } from "../Measures";
import { isHot } from "../Tasks";
import { isUnknown, notices, reasonOf, things, type Line, type Thing } from "../things";
import { Figure, LineValue } from "../Tile";
import "../strip.css";
import "./wall.css";

/* older than this, figures are no longer called present */
const OLD_MS = 90_000;

function Head({ b, thing }: { b: Board; thing: Thing | undefined }): ReactElement {
  const now = useNow();
  const { t } = useTranslation();
  return (
    <header>
      <b className="num time">
        {clockTime(now, false)}
        <small>:{clockTime(now).slice(6)}</small>
      </b>
      <div className="two">
        <b>{lunarText(now)}</b>
        <span>
          {weekday(now)} {date(now)}
        </span>
      </div>
      <div className="two">
        <b>{b.unit ?? t("shell.unit")}</b>
        <span className={thing?.why === undefined ? "" : "t-unknown"}>
          {thing?.title}:{" "}
          {thing?.why ??
            [
              thing?.figure,
              ...(thing?.lines ?? [])
                .slice(0, thing?.tone === "failed" ? 2 : 1)
                .map((l) => [l.label, l.value].filter(Boolean).join(" ")),
            ]
              .filter(Boolean)
              .join(" · ")}
        </span>
      </div>
      <Reached thing={notices(b, t)} />
    </header>
  );
}

/* Whether anybody is told of what stands below. */
function Reached({ thing }: { thing: Thing }): ReactElement {
  const line = worstLine(thing.lines);
  const tone = thing.why !== undefined ? "unknown" : (line?.tone ?? "");
  return (
    <div className="two told-all">
      <b>{thing.title}</b>
      <span className={tone ? `t-${tone}` : ""}>
        {thing.why ?? (
          <>
            {line?.label} {line && <LineValue line={line} />}
          </>
        )}
      </span>
    </div>
  );
}

function MeasureCell({ m }: { m: Measure }): ReactElement {
  const { t } = useTranslation();
  const idOf = useMeasureId();
  const none = m.state === "not_applicable";
  return (
    <li className={m.state}>
      <Mark state={markOf(m.state)} word="" />
      <span className="what">
        <span className="name">
          <b className="num">{idOf(m)}</b> {both(m.brief)}
        </span>
        <span className="says">
          <b className={`mark ${markOf(m.state)}`}>{t(`state.${markOf(m.state)}`)}</b>
          {!none && m.age_s !== null && <span className="faint">{span(m.age_s)}</span>}
          {!none && <Fraction m={m} />}
        </span>
      </span>
    </li>
  );
}

function TaskCell({ task }: { task: BoardTask }): ReactElement {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <li className={isHot(task, now) ? "hot" : ""}>
      <b className="name">{both(task.title)}</b>
      <span className="says">
        <span className="grow">
          {[task.owner ?? t("board.noOwner"), task.why && both(task.why)].filter(Boolean).join(" · ")}
        </span>
        {task.due && (
          <b className="num due">
            <BigClock due={task.due} />
          </b>
        )}
      </span>
    </li>
  );
}

/* One line says what matters most: the first that is failed or unknown, else the first. */
function worstLine(lines: Line[]): Line | undefined {
  return lines.find((l) => l.tone === "failed") ?? lines.find((l) => l.tone === "unknown") ?? lines[0];
}

function ThingCell({ thing }: { thing: Thing }): ReactElement {
  const line = worstLine(thing.lines);
  const tone = thing.why !== undefined ? "unknown" : thing.tone === "failed" ? "failed" : "";
  return (
    <section className={`thing ${tone}`} aria-label={thing.title}>
      <h2>{thing.title}</h2>
      {thing.why === undefined ? (
        <>
          <Figure thing={thing} />
          {line && (
            <p className={line.tone ? `t-${line.tone}` : ""}>
              <span>{line.label}</span> <LineValue line={line} />
            </p>
          )}
        </>
      ) : (
        <>
          <Mark state="unknown" />
          <p>{thing.why}</p>
        </>
      )}
    </section>
  );
}

function AlertsCell({ b }: { b: Board }): ReactElement {
  const { t } = useTranslation();
  const title = t("board.alerts");
  if (isUnknown(b.alerts))
    return (
      <ThingCell thing={{ no: 4, key: "alerts", title, href: "", next: "", why: reasonOf(b.alerts), lines: [] }} />
    );
  const { open, overdue, oldest, by_severity: by } = b.alerts;
  const grave = (by.critical ?? 0) + (by.high ?? 0);
  return (
    <section className={overdue > 0 || (by.critical ?? 0) > 0 ? "thing failed" : "thing"} aria-label={title}>
      <h2>{title}</h2>
      <div className={grave > 0 ? "big t-failed" : "big"}>
        {num(open)} <small>{t("wall.grave", { n: num(grave) })}</small>
      </div>
      <p>
        {oldest ? (
          <>
            {t("wall.soonest")}{" "}
            <b className="num">
              <BigClock due={oldest.due} />
            </b>
            {", "}
          </>
        ) : (
          `${t("wall.noClock")}, `
        )}
        {t("board.overdue").toLowerCase()} <b className="num">{num(overdue)}</b>
      </p>
    </section>
  );
}

function Grid({ b }: { b: Board }): ReactElement {
  const { t } = useTranslation();
  const [duty, machines, own, letters, ...rest] = things(b, t);
  const tasks = isUnknown(b.tasks) ? [] : b.tasks;
  return (
    <>
      <Head b={b} thing={duty} />
      <div className="upper">
        <ol className="wall-measures" aria-label={t("board.measuresPlain")}>
          {isUnknown(b.measures) ? (
            <li className="unknown">{reasonOf(b.measures)}</li>
          ) : (
            b.measures.items.map((m) => <MeasureCell key={m.id} m={m} />)
          )}
        </ol>
        <section className="wall-tasks" aria-label={t("board.tasks")}>
          <h2>{t("board.tasks")}</h2>
          <ol>
            {tasks.slice(0, 3).map((task, i) => (
              <TaskCell key={i} task={task} />
            ))}
          </ol>
          {tasks.length === 0 && (
            <p>{isUnknown(b.tasks) ? reasonOf(b.tasks) : `${t("board.tasksNone")}. ${t("board.tasksNoneWhy")}`}</p>
          )}
        </section>
      </div>
      <div className="lower four">
        <AlertsCell b={b} />
        {[machines, own, letters].map((x) => x && <ThingCell key={x.key} thing={x} />)}
      </div>
      <div className="lower five">
        {rest.map((x) => (
          <ThingCell key={x.key} thing={x} />
        ))}
      </div>
    </>
  );
}

/* The screen must not sleep while it stands watch; a browser that cannot promise that is left as it is. */
function useAwake(): void {
  useEffect(() => {
    if (!("wakeLock" in navigator)) return undefined;
    let lock: WakeLockSentinel | null = null;
    let ended = false;
    const ask = (): void => {
      if (document.visibilityState !== "visible") return;
      navigator.wakeLock.request("screen").then(
        (got) => {
          if (ended) void got.release();
          else lock = got;
        },
        () => undefined /* refused on battery or by policy: the page is shown all the same */,
      );
    };
    ask();
    document.addEventListener("visibilitychange", ask);
    return () => {
      ended = true;
      document.removeEventListener("visibilitychange", ask);
      void lock?.release();
    };
  }, []);
}

export default function WallPage(): ReactElement {
  const { t } = useTranslation();
  const board = useBoard();
  const link = useLink();
  const now = useNow();
  const { query } = useRoute();
  useAwake();
  useEffect(() => {
    document.title = `${t("title.board")} · canh`;
  }, [t]);
  const b = board.data;
  const old = b ? now - Date.parse(b.at) > OLD_MS : false;
  const lost = board.isError || link === "lost" || old;
  return (
    <main className="wall" data-theme={query.get("theme") === "light" ? "light" : "dark"}>
      {b && <Grid b={b} />}
      {b && lost && (
        <div className="lost" role="alert">
          <Mark state="unknown" word="" />
          <b>{t("wall.lost")}</b>
          <span>{t("wall.asOf", { t: clockTime(b.at), d: date(b.at) })}</span>
        </div>
      )}
      {!b && (
        <div className="lost" role={board.isError ? "alert" : "status"}>
          <b>{board.isError ? t("wall.lost") : t("loading")}</b>
        </div>
      )}
    </main>
  );
}
