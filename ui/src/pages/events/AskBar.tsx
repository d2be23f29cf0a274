/* SPDX-License-Identifier: Apache-2.0 */
import { Popover, TextInput } from "@mantine/core";
import { useEffect, useRef, useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { dateTime, inputTime, num, parseTime } from "../../lib/format";
import { useKeys } from "../../lib/keys";
import { dropTerm, parseQuery, termText } from "../../lib/query";
import { Btn } from "../../ui/Btn";
import { Icon } from "../../ui/Icon";
import { PRESETS, type Range } from "./range";

type Ask = (next: Record<string, string | null>) => void;

function Custom({ range, onAsk, done }: { range: Range; onAsk: Ask; done: () => void }): ReactElement {
  const { t } = useTranslation();
  const [from, setFrom] = useState(inputTime(range.from));
  const [to, setTo] = useState(inputTime(range.to));
  const [bad, setBad] = useState({ from: false, to: false });
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    const [a, b] = [from.trim() ? parseTime(from) : "", to.trim() ? parseTime(to) : ""];
    setBad({ from: a === null, to: b === null });
    if (a === null || b === null) return;
    onAsk({ from: a, to: b, range: null });
    done();
  };
  return (
    <form className="form" onSubmit={submit}>
      <TextInput
        label={t("events.from")}
        placeholder="00:00 11/02/2024"
        classNames={{ input: "data" }}
        value={from}
        error={bad.from ? t("events.badTime") : undefined}
        onChange={(e) => setFrom(e.currentTarget.value)}
      />
      <TextInput
        label={t("events.to")}
        placeholder="23:59 11/02/2024"
        classNames={{ input: "data" }}
        value={to}
        error={bad.to ? t("events.badTime") : undefined}
        onChange={(e) => setTo(e.currentTarget.value)}
      />
      <Btn kind="primary" type="submit">
        {t("act.search")}
      </Btn>
    </form>
  );
}

function RangeButton({ range, onAsk }: { range: Range; onAsk: Ask }): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const custom = `${range.from ? dateTime(range.from) : "…"} – ${range.to ? dateTime(range.to) : "…"}`;
  const text = range.preset === "custom" ? custom : t(`events.range.${range.preset}`);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={260} shadow="md" trapFocus>
      <Popover.Target>
        <Btn
          icon="clock"
          onClick={() => setOpen(!open)}
          aria-label={`${t("events.rangeLabel")}: ${text}`}
          className="range"
        >
          {text}
          <Icon name="down" />
        </Btn>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="presets">
          {PRESETS.map((p) => (
            <button
              key={p}
              type="button"
              className={p === range.preset ? "chip on" : "chip"}
              onClick={() => {
                onAsk({ range: p, from: null, to: null });
                setOpen(false);
              }}
            >
              {t(`events.range.${p}`)}
            </button>
          ))}
        </div>
        <Custom range={range} onAsk={onAsk} done={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Terms({ q, onAsk }: { q: string; onAsk: Ask }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {parseQuery(q).map((term, i) => (
        <span key={i} className="kv">
          {term.field && <b>{term.field}</b>}
          <span>{term.value}</span>
          <button
            type="button"
            aria-label={t("events.drop", { term: termText(term) })}
            onClick={() => onAsk({ q: dropTerm(q, i) })}
          >
            <Icon name="x" />
          </button>
        </span>
      ))}
    </>
  );
}

interface AskBarProps {
  q: string;
  range: Range;
  onAsk: Ask;
  loaded: number;
  busy: boolean;
}

export function AskBar({ q, range, onAsk, loaded, busy }: AskBarProps): ReactElement {
  const { t } = useTranslation();
  const [text, setText] = useState(q);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setText(q), [q]);
  useKeys({ "/": () => input.current?.focus() });
  return (
    <form
      className="ask"
      role="search"
      onSubmit={(e) => {
        e.preventDefault();
        onAsk({ q: text.trim() });
      }}
    >
      <div className="query">
        <label className="field search">
          <Icon name="search" />
          <input
            ref={input}
            name="q"
            aria-label={t("events.query")}
            placeholder={t("events.hint")}
            value={text}
            spellCheck={false}
            autoCapitalize="none"
            autoComplete="off"
            onChange={(e) => setText(e.currentTarget.value)}
          />
          <kbd aria-hidden="true">Enter</kbd>
        </label>
        <RangeButton range={range} onAsk={onAsk} />
        <Btn kind="primary" type="submit">
          {t("act.search")}
        </Btn>
      </div>
      <div className="under">
        <span className="chips wrap">
          <Terms q={q} onAsk={onAsk} />
        </span>
        <span className="grow" />
        <span aria-live="polite">{busy ? t("loading") : t("events.shown", { n: num(loaded) })}</span>
      </div>
    </form>
  );
}
