/* SPDX-License-Identifier: Apache-2.0 */
/* Hits folded by rule or list, the worst first; each opens into the records it was seen in. */
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Look, LookGroup, LookHit, LookPlace } from "../../api/typesLook";
import { currentLang } from "../../i18n/lang";
import { exact, num } from "../../lib/format";
import { href } from "../../lib/route";
import { Icon } from "../../ui/Icon";
import { Sev } from "../../ui/Mark";
import { Techniques } from "../../ui/Techniques";
import { at, between, isPart, placeKey, quiet } from "./model";

export const groupTitle = (g: LookGroup): string =>
  g.list ? g.list.name : (currentLang() === "vi" && g.rule?.title_vi) || g.rule?.title || g.rule?.id || "";

export function Place({ p }: { p: LookPlace }): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="nowrap">
      {p.file && <span className="data">{p.file}: </span>}
      {p.line !== null ? t("look.line", { n: num(p.line) }) : t("look.record", { n: num(p.record) })}
    </span>
  );
}

function Hit({ h }: { h: LookHit }): ReactElement {
  const { t } = useTranslation();
  const what = h.indicator ?? h.matched;
  return (
    <li>
      <span className="row wrap small">
        {h.time ? (
          <time className="data" dateTime={h.time} title={exact(h.time)}>
            {at(h.time)}
          </time>
        ) : (
          <span className="faint">{t("look.noTime")}</span>
        )}
        {h.host && <span className="data">{h.host}</span>}
        <Place p={h} />
        {what && (
          <span className="kv">
            {h.field && <b>{h.field}</b>}
            <span className="data">{what}</span>
          </span>
        )}
        {h.note && <span className="muted">{h.note}</span>}
      </span>
      {h.window && (
        <p className="small muted">
          {t("look.window", { n: num(h.window.events), when: between(h.window.from, h.window.to) })}
        </p>
      )}
      {h.text !== "" && <pre className="data look-record">{h.text}</pre>}
    </li>
  );
}

function Group({ g }: { g: LookGroup }): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <details className="look-group" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>
        <Icon name="right" className="ic fold" />
        <Sev severity={g.severity} />
        <span className="grow two-line">
          <b className="strong">{groupTitle(g)}</b>
          <span>
            {g.list ? `${t(`lists.kind.${g.list.kind}`)}${g.list.letter ? ` · ${g.list.letter}` : ""}` : t("look.rule")}
            {quiet(g) && ` · ${t(g.excepted ? "look.excepted" : "look.counted")}`}
          </span>
        </span>
        <b className="look-count">{t("look.times", { n: num(g.count) })}</b>
      </summary>
      {open && (
        <div className="look-inside">
          {g.first && g.last && <p className="small muted">{between(g.first, g.last)}</p>}
          {g.rule && (
            <p className="small">
              <a href={href(["rules"], { q: g.rule.title })}>{t("look.openRule")}</a>
            </p>
          )}
          {g.rule && <Techniques tags={g.rule.tags} />}
          <ul className="look-hits">
            {g.hits.map((h, i) => (
              <Hit key={`${placeKey(h)}-${i}`} h={h} />
            ))}
          </ul>
          {g.count > g.hits.length && (
            <p className="small muted">{t("look.firstOf", { n: num(g.hits.length), all: num(g.count) })}</p>
          )}
        </div>
      )}
    </details>
  );
}

/* No hit is no verdict: it says what was looked at and with what. */
function None({ l }: { l: Look }): ReactElement {
  const { t } = useTranslation();
  return (
    <div className={isPart(l) ? "note unknown" : "note"}>
      <Icon name={isPart(l) ? "warn" : "search"} />
      <span>
        {l.rules + l.lists === 0
          ? t("look.nothingInForce")
          : t(isPart(l) ? "look.noHitsPart" : "look.noHits", {
              n: num(l.records),
              rules: num(l.rules),
              lists: num(l.lists),
              bad: num(l.bad),
            })}
      </span>
    </div>
  );
}

export function Hits({ l }: { l: Look }): ReactElement {
  const { t } = useTranslation();
  return (
    <section className="card box" aria-label={t("look.hits")}>
      <div className="box-head">
        <h2>{l.hits > 0 ? t("look.hitsOf", { n: num(l.hits), g: num(l.groups_total) }) : t("look.hits")}</h2>
        <span className="faint small">{t("look.inForce", { rules: num(l.rules), lists: num(l.lists) })}</span>
      </div>
      <div className="look-groups">
        {l.hits === 0 && <None l={l} />}
        {l.groups.map((g, i) => (
          <Group key={i} g={g} />
        ))}
        {l.groups_total > l.groups.length && (
          <p className="small muted pad-x">{t("look.groupsCut", { n: num(l.groups.length) })}</p>
        )}
      </div>
    </section>
  );
}
