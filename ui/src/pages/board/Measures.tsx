/* SPDX-License-Identifier: Apache-2.0 */
/* Thing 2: every measure with its state, reason, n of N and age. Worst first on the phone. */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Board, BoardMeasures, Measure, MeasureState, OpenTile } from "../../api/types";
import { both } from "../../i18n/lang";
import { num, span } from "../../lib/format";
import { href } from "../../lib/route";
import { Mark, markOf } from "../../ui/Mark";
import { isUnknown, reasonOf, UnknownCard } from "./Tile";

const STATES: MeasureState[] = ["met", "failed", "unknown", "attested", "not_applicable"];
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

function DeskRow({ m }: { m: Measure }): ReactElement {
  const { t } = useTranslation();
  const slim = m.state === "not_applicable";
  return (
    <li className={`${m.state} ${slim ? "slim" : ""}`}>
      <a className="grid-row" href={href(["board", "measure", m.id])}>
        <span className="id">{m.id === SLIP ? t("board.slipId") : m.id}</span>
        <Mark state={markOf(m.state)} />
        <span className="what">
          <span className="name clamp-1" title={both(m.text)}>
            {both(m.text)}
          </span>
          <span className="why clamp-2">{both(m.reason)}</span>
        </span>
        {!slim && <Fraction m={m} />}
        {!slim && <span className="age">{m.age_s === null ? "–" : span(m.age_s)}</span>}
      </a>
    </li>
  );
}

function PhoneRow({ m }: { m: Measure }): ReactElement {
  const { t } = useTranslation();
  return (
    <li className={m.state}>
      <a href={href(["board", "measure", m.id])}>
        <span className="id">{m.id === SLIP ? t("board.slipId") : m.id}</span>
        <span className="what">
          <b className="clamp-2">{both(m.text)}</b>
          <Mark state={markOf(m.state)} />
        </span>
        <span className="r">
          {m.state !== "not_applicable" && <Fraction m={m} />}
          {m.state !== "not_applicable" && <span className="age">{m.age_s === null ? "–" : span(m.age_s)}</span>}
        </span>
      </a>
    </li>
  );
}

/* The routing slip has a row of its own under the measures. */
function SlipRow({ slip }: { slip: OpenTile }): ReactElement | null {
  const { t } = useTranslation();
  if (!isUnknown(slip)) return null;
  return (
    <li className="unknown">
      <a className="grid-row" href={href(["board", "directive"])}>
        <span className="id">{t("board.slipId")}</span>
        <Mark state="unknown" />
        <span className="what">
          <span className="name clamp-1">{t("board.slip")}</span>
          <span className="why clamp-2">{reasonOf(slip)}</span>
        </span>
        <Fraction m={{ state: "unknown", n: null, of: null }} />
        <span className="age">–</span>
      </a>
    </li>
  );
}

export function Measures({
  measures,
  slip,
  phone,
}: {
  measures: Board["measures"];
  slip: OpenTile;
  phone: boolean;
}): ReactElement {
  const { t } = useTranslation();
  if (isUnknown(measures)) return <UnknownCard no={2} title={t("board.measuresPlain")} reason={reasonOf(measures)} />;
  const name = directiveName(measures);
  const title = name ? t("board.measures", { no: name }) : t("board.measuresPlain");
  const items = phone ? [...measures.items].sort((a, b) => WORST[a.state] - WORST[b.state]) : measures.items;
  return (
    <section className={phone ? "card measures ms" : "card measures"} aria-label={title}>
      <div className="head">
        <span className="no">2</span>
        <h2 className="cut">{title}</h2>
        <div className="tally">
          {STATES.map((s) => (
            <span key={s} className="row">
              <Mark state={markOf(s)} word="" />
              <span className="num strong">{num(measures.counts[s] ?? 0)}</span>
            </span>
          ))}
        </div>
      </div>
      {!phone && (
        <div className="grid-row cols">
          <span>{t("board.cols.id")}</span>
          <span>{t("board.cols.state")}</span>
          <span>{t("board.cols.what")}</span>
          <span className="r">{t("board.cols.n")}</span>
          <span className="r">{t("board.cols.age")}</span>
        </div>
      )}
      <ol>
        {items.map((m) => (phone ? <PhoneRow key={m.id} m={m} /> : <DeskRow key={m.id} m={m} />))}
        {!phone && !items.some((m) => m.id === SLIP) && <SlipRow slip={slip} />}
      </ol>
      <div className="legend">
        <span>{t("board.doubt")}</span>
        <a className="t-accent" href={href(["board", "directive"])}>
          {t("board.about")}
        </a>
      </div>
    </section>
  );
}
