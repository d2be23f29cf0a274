/* SPDX-License-Identifier: Apache-2.0 */
/* What the file is, and what of it could not be read. */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Look } from "../../api/typesLook";
import { bytes, exact, num } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { Place } from "./Hits";
import { between } from "./model";

function Formats({ l }: { l: Look }): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="chips wrap">
      {l.formats.map((f) => (
        <span key={f.name} className="kv">
          <b>{t(`look.format.${f.name}`, f.title)}</b>
          <span className="num">{num(f.records)}</span>
        </span>
      ))}
    </span>
  );
}

function Hosts({ l }: { l: Look }): ReactElement {
  const { t } = useTranslation();
  const shown = l.hosts.slice(0, 8);
  const more = l.hosts_total - shown.length;
  return (
    <span className="chips wrap">
      {shown.map((h) => (
        <span key={h.name} className="kv">
          <span className="data">{h.name}</span>
          <b className="num">{num(h.records)}</b>
        </span>
      ))}
      {(more > 0 || l.hosts_more) && (
        <span className="faint small">{t(l.hosts_more ? "look.hostsMany" : "look.hostsMore", { n: num(more) })}</span>
      )}
      {l.hosts_total === 0 && <span className="faint">{t("look.noHost")}</span>}
    </span>
  );
}

/* What was not looked at stands before what was found. */
function Lost({ l }: { l: Look }): ReactElement {
  const { t } = useTranslation();
  const lost = l.files.filter((f) => f.lost !== null);
  return (
    <>
      {l.stopped && (
        <div className="note unknown" role="status">
          <Icon name="warn" />
          <span>{t("look.stopped", { n: num(l.records) })}</span>
        </div>
      )}
      {l.lost && (
        <div className="note unknown">
          <Icon name="warn" />
          <span>{l.lost}</span>
        </div>
      )}
      {lost.slice(0, 20).map((f, i) => (
        <div key={i} className="note unknown">
          <Icon name="warn" />
          <span>
            {f.name && <span className="data">{f.name}: </span>}
            {f.lost}
          </span>
        </div>
      ))}
      {lost.length > 20 && <p className="small muted">{t("look.lostMore", { n: num(lost.length - 20) })}</p>}
    </>
  );
}

function NotUnderstood({ l }: { l: Look }): ReactElement | null {
  const { t } = useTranslation();
  if (l.bad === 0) return null;
  return (
    <details className="look-bad">
      <summary className="t-unknown strong">{t("look.badOf", { n: num(l.bad), all: num(l.records) })}</summary>
      <ul>
        {l.not_understood.map((b, i) => (
          <li key={i}>
            <span className="row wrap small">
              <Place p={b} />
              <span className="muted">{b.reason}</span>
            </span>
            <pre className="data look-record clamp">{b.text.slice(0, 600)}</pre>
          </li>
        ))}
      </ul>
      {l.bad > l.not_understood.length && (
        <p className="small muted">{t("look.firstOf", { n: num(l.not_understood.length), all: num(l.bad) })}</p>
      )}
    </details>
  );
}

function Files({ l }: { l: Look }): ReactElement | null {
  const { t } = useTranslation();
  if (l.files_total < 2 && !l.files[0]?.name) return null;
  return (
    <details className="look-bad">
      <summary className="strong">{t("look.files", { n: num(l.files_total) })}</summary>
      <ul className="look-files">
        {l.files.map((f, i) => (
          <li key={i}>
            <span className="data grow">{f.name ?? "–"}</span>
            <span className="muted small nowrap">{bytes(f.bytes)}</span>
            <span className="num small nowrap">{t("look.recordsN", { n: num(f.records) })}</span>
          </li>
        ))}
      </ul>
      {l.files_total > l.files.length && (
        <p className="small muted">{t("look.firstOf", { n: num(l.files.length), all: num(l.files_total) })}</p>
      )}
    </details>
  );
}

export function What({ l, name }: { l: Look; name: string }): ReactElement {
  const { t } = useTranslation();
  const encodings = [...new Set(l.files.map((f) => f.encoding))].filter((e) => e !== "none");
  return (
    <section className="card box" aria-label={t("look.what")}>
      <div className="box-head">
        <h2>{t(`look.kind.${l.kind}`)}</h2>
        <span className="data cut">{name}</span>
      </div>
      <div className="look-what">
        <Lost l={l} />
        {l.kind === "unknown" && <p className="muted">{t("look.unknownWhy")}</p>}
        <dl className="facts">
          <dt>{t("look.size")}</dt>
          <dd>{bytes(l.bytes)}</dd>
          {l.records > 0 && (
            <>
              <dt>{t("look.formats")}</dt>
              <dd>
                <Formats l={l} />
              </dd>
              <dt>{t("look.encoding")}</dt>
              <dd>{encodings.map((e) => t(`look.enc.${e}`)).join(", ") || "–"}</dd>
              <dt>{t("look.records")}</dt>
              <dd>{t("look.readOf", { n: num(l.records), bad: num(l.bad) })}</dd>
              <dt>{t("look.time")}</dt>
              <dd>
                {l.first && l.last ? (
                  <span className="data" title={`${exact(l.first)} – ${exact(l.last)}`}>
                    {between(l.first, l.last)}
                  </span>
                ) : (
                  t("look.noTimes")
                )}
                {l.first && l.untimed > 0 && ` · ${t("look.untimed", { n: num(l.untimed) })}`}
              </dd>
              <dt>{t("look.hosts")}</dt>
              <dd>
                <Hosts l={l} />
              </dd>
            </>
          )}
        </dl>
        <Files l={l} />
        <NotUnderstood l={l} />
      </div>
    </section>
  );
}
