/* SPDX-License-Identifier: Apache-2.0 */
/* Thing 2: every measure with its state, reason, n of N, age and seven days. Worst first on the phone. */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useHistory } from "../../api/hooks";
import type { Board, BoardMeasures, DirectiveHistory, Measure, MeasureState, OpenTile } from "../../api/types";
import { both } from "../../i18n/lang";
import { num, span } from "../../lib/format";
import { useSlowNow } from "../../lib/now";
import { href } from "../../lib/route";
import { stripFrom } from "../../lib/strip";
import { Mark, markOf } from "../../ui/Mark";
import { Strip, StripDays } from "./Strip";
import { isUnknown, reasonOf } from "./things";
import { UnknownCard } from "./Tile";

export const STATES: MeasureState[] = ["met", "failed", "unknown", "attested", "not_applicable"];
/* the routing slip is judged like a measure */
const SLIP = "slip";
const WORST: Record<MeasureState, number> = { failed: 0, unknown: 1, attested: 2, met: 3, not_applicable: 4 };

export function directiveId(m: BoardMeasures): string {
  return typeof m.directive === "string" ? m.directive : m.directive.id;
}

export function directiveName(m: BoardMeasures): string {
  if (typeof m.directive === "string") return "";
  const { number, symbol } = m.directive;
  return symbol?.includes("/") ? symbol : [number, symbol].filter(Boolean).join("/");
}

export const worstFirst = (items: Measure[]): Measure[] => [...items].sort((a, b) => WORST[a.state] - WORST[b.state]);

export function useMeasureId(): (m: Measure) => string {
  const { t } = useTranslation();
  return (m) => (m.id === SLIP ? t("board.slipId") : m.id);
}

type Past = DirectiveHistory["measures"][number];

/* What each measure was, by its id; empty until it has come. */
export function useSpells(measures: Board["measures"], now: number): Map<string, Past> {
  const id = isUnknown(measures) ? "" : directiveId(measures);
  const history = useHistory(id, stripFrom(now));
  return new Map(history.data?.measures.map((m) => [m.id, m]) ?? []);
}

/* "318/341", "7/7?" where the denominator is in doubt, "–/?" where there is none. */
export function Fraction({ m }: { m: Pick<Measure, "state" | "n" | "of"> }): ReactElement {
  const tone =
    m.state === "failed"
      ? "t-failed"
      : m.state === "unknown"
        ? "t-unknown"
        : m.state === "attested"
          ? "t-attested"
          : "";
  const doubt = m.of === null || m.state === "unknown" ? "?" : "";
  return (
    <span className={`num n ${tone}`}>
      {num(m.n)}
      <small>
        /{m.of === null ? "" : num(m.of)}
        {doubt}
      </small>
    </span>
  );
}

function Age({ m }: { m: Measure }): ReactElement {
  const { t } = useTranslation();
  return <span className="age">{m.age_s === null ? t("board.noData") : t("board.old", { t: span(m.age_s) })}</span>;
}

function DeskRow({ m, past, now }: { m: Measure; past: Past | undefined; now: number }): ReactElement {
  const idOf = useMeasureId();
  const slim = m.state === "not_applicable";
  return (
    <li className={`${m.state} ${slim ? "slim" : ""}`}>
      <a className="grid-row" href={href(["board", "measure", m.id])} title={both(m.text)}>
        <span className="id">{idOf(m)}</span>
        <Mark state={markOf(m.state)} />
        <span className="what">
          <span className="name">{both(m.brief)}</span>
          <span className={slim ? "why cut" : "why clamp-2"}>{both(m.reason)}</span>
        </span>
        <span className="r">
          {!slim && <Fraction m={m} />}
          {!slim && <Age m={m} />}
        </span>
        {past ? <Strip past={past} now={now} name={both(m.brief)} /> : <span className="strip" />}
      </a>
    </li>
  );
}

function PhoneRow({ m }: { m: Measure }): ReactElement {
  const idOf = useMeasureId();
  return (
    <li className={m.state}>
      <a href={href(["board", "measure", m.id])}>
        <span className="id">{idOf(m)}</span>
        <span className="what">
          <b className="clamp-2">{both(m.brief)}</b>
          <Mark state={markOf(m.state)} />
        </span>
        <span className="r">
          {m.state !== "not_applicable" && <Fraction m={m} />}
          {m.state !== "not_applicable" && <Age m={m} />}
        </span>
      </a>
    </li>
  );
}

/* The routing slip has a row of its own where the dispatch does not judge it. */
function slipRow(slip: OpenTile, items: Measure[], t: (key: string) => string): Measure[] {
  if (!isUnknown(slip) || items.some((m) => m.id === SLIP)) return [];
  const name = { vi: t("board.slip"), en: t("board.slip") };
  const reason = { vi: reasonOf(slip), en: reasonOf(slip) };
  return [{ id: SLIP, text: name, brief: name, binds: [], state: "unknown", reason, n: null, of: null, age_s: null }];
}

export function Tally({ measures }: { measures: BoardMeasures }): ReactElement {
  return (
    <span className="tally">
      {STATES.map((s) => (
        <span key={s} className="row">
          <Mark state={markOf(s)} word="" />
          <span className="num strong">{num(measures.counts[s] ?? 0)}</span>
        </span>
      ))}
    </span>
  );
}

function Legend(): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="legend">
      <span className="swatches" aria-hidden="true">
        <b>{t("board.cell")}</b>
        {STATES.map((s) => (
          <span key={s}>
            <svg className="strip" viewBox="0 0 10 20">
              {s === "met" && <rect className="m" y="15" width="10" height="5" />}
              {s === "failed" && <rect className="f" width="10" height="20" />}
              {s === "unknown" && <rect className="u" x=".5" y="6.5" width="9" height="13" />}
              {s === "attested" && <rect className="a" x=".5" y="10.5" width="9" height="9" />}
              {s === "not_applicable" && <rect className="n" y="18.5" width="10" height="1.5" />}
            </svg>
            {t(`state.${markOf(s)}`).toLowerCase()}
          </span>
        ))}
      </span>
      <span className="doubt">{t("board.doubt")}</span>
      <a className="t-accent" href={href(["board", "directive"])}>
        {t("board.about")}
      </a>
    </div>
  );
}

interface MeasuresProps {
  measures: Board["measures"];
  slip: OpenTile;
  phone: boolean;
}

export function Measures({ measures, slip, phone }: MeasuresProps): ReactElement {
  const { t } = useTranslation();
  const now = useSlowNow();
  const spells = useSpells(measures, now);
  if (isUnknown(measures)) return <UnknownCard no={2} title={t("board.measuresPlain")} why={reasonOf(measures)} />;
  const name = directiveName(measures);
  const title = name ? t("board.measures", { no: name }) : t("board.measuresPlain");
  const all = [...measures.items, ...slipRow(slip, measures.items, t)];
  return (
    <section className={phone ? "card measures ms" : "card measures"} aria-label={title}>
      <div className="head">
        <span className="no">2</span>
        <h2 className="cut">{title}</h2>
        <Tally measures={measures} />
      </div>
      {!phone && (
        <div className="grid-row cols">
          <span>{t("board.cols.id")}</span>
          <span>{t("board.cols.state")}</span>
          <span>{t("board.cols.what")}</span>
          <span className="right">{t("board.cols.n")}</span>
          <StripDays from={stripFrom(now)} />
        </div>
      )}
      <ol>
        {phone
          ? worstFirst(all).map((m) => <PhoneRow key={m.id} m={m} />)
          : all.map((m) => <DeskRow key={m.id} m={m} past={spells.get(m.id)} now={now} />)}
      </ol>
      <Legend />
    </section>
  );
}
