/* SPDX-License-Identifier: Apache-2.0 */
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { LogEvent } from "../../api/types";
import { clockTime, exact, fraction, num } from "../../lib/format";
import { inOrder, mark, quote } from "../../lib/query";
import { href } from "../../lib/route";
import { Btn } from "../../ui/Btn";

const SHOWN = 12;
const RAW_MAX = 20_000;

export function valueText(v: unknown): string {
  return Array.isArray(v) ? v.map(valueText).join(", ") : v === null || v === undefined ? "" : String(v);
}

export function Marked({ text, words }: { text: string; words: string[] }): ReactElement {
  return (
    <>{mark(text, words).map((p, i) => (p.hit ? <mark key={i}>{p.text}</mark> : <span key={i}>{p.text}</span>))}</>
  );
}

/* A long field name breaks after a dot, never in the middle of a word. */
export function FieldName({ name }: { name: string }): ReactElement {
  return (
    <>
      {name.split(/(?<=[._])/).map((part, i) => (
        <span key={i}>
          {part}
          <wbr />
        </span>
      ))}
    </>
  );
}

interface PairProps {
  name: string;
  text: string;
  wide: boolean;
  q?: string;
  words?: string[];
}

function Pair({ name, text, wide, q, words = [] }: PairProps): ReactElement {
  const shown = <Marked text={text} words={words} />;
  return (
    <div className={wide ? "pair wide" : "pair"}>
      <dt>
        <FieldName name={name} />
      </dt>
      <dd>{q ? <a href={href(["events"], { q })}>{shown}</a> : shown}</dd>
    </div>
  );
}

function Fields({ e, words }: { e: LogEvent; words: string[] }): ReactElement {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const entries = inOrder(e.fields);
  const shown = all ? entries : entries.slice(0, SHOWN);
  return (
    <>
      <dl className="fields">
        <Pair name="time" text={exact(e.time)} wide />
        <Pair name="source" text={e.source.name} wide />
        {shown.map(([k, v]) => {
          const text = valueText(v);
          const first = valueText(Array.isArray(v) ? v[0] : v);
          return <Pair key={k} name={k} text={text} wide={text.length > 24} q={`${k}:${quote(first)}`} words={words} />;
        })}
      </dl>
      {entries.length > SHOWN && (
        <Btn small kind="quiet" onClick={() => setAll(!all)}>
          {all ? t("act.close") : `${t("act.more")} (${num(entries.length - SHOWN)})`}
        </Btn>
      )}
      <details>
        <summary className="faint small">{t("alerts.raw")}</summary>
        <pre className="raw">
          <Marked text={e.raw.slice(0, RAW_MAX)} words={words} />
          {e.raw.length > RAW_MAX && "…"}
        </pre>
      </details>
    </>
  );
}

interface EventFieldsProps {
  events: LogEvent[];
  count: number;
  matched: string | null;
}

/* The events of the alert; the place that matched stands out. */
export function EventFields({ events, count, matched }: EventFieldsProps): ReactElement | null {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  const e = events[Math.min(at, events.length - 1)];
  if (!e) return null;
  const words = matched ? [matched] : [];
  const whole = events.every((x) => Number(fraction(x.time)) === 0);
  return (
    <div className="q">
      <h3>
        {t("alerts.event")}
        <span className="faint">{t("alerts.eventOf", { n: num(events.length), all: num(count) })}</span>
      </h3>
      {events.length > 1 && (
        <div className="chips wrap event-times">
          {events.map((x, i) => (
            <button key={x.id} type="button" className={i === at ? "chip on" : "chip"} onClick={() => setAt(i)}>
              <span className="num">
                {clockTime(x.time)}
                {!whole && `.${fraction(x.time)}`}
              </span>
            </button>
          ))}
        </div>
      )}
      <Fields e={e} words={words} />
    </div>
  );
}
