/* SPDX-License-Identifier: Apache-2.0 */
/* What else this machine did, and what else these addresses did: other alerts, and the events around this one.
   A gap in sight is a row of its own. */
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import type { Alert, AlertDetail, AlertPage, Coverage, EventPage } from "../../api/types";
import { both } from "../../i18n/lang";
import { clockTime, date, day, exact, num } from "../../lib/format";
import { quote } from "../../lib/query";
import { href } from "../../lib/route";
import { summary } from "../../lib/summary";
import { Icon } from "../../ui/Icon";
import { Sev } from "../../ui/Mark";
import { ErrorNote, Skeleton } from "../../ui/States";
import { Ago } from "../../ui/Time";

const HOUR = 3600 * 1000;
const EVENTS = 10;
const ALERTS = 6;
const SUBJECTS = 4;

interface Subject {
  value: string;
  host: boolean;
}

/* The machine first, then those addresses that are not the machine's own name. */
function subjects(a: AlertDetail): Subject[] {
  const hosts = a.hosts.map((value) => ({ value, host: true }));
  const addresses = a.addresses.filter((v) => !a.hosts.includes(v)).map((value) => ({ value, host: false }));
  return [...hosts.slice(0, SUBJECTS / 2), ...addresses].slice(0, SUBJECTS);
}

function OtherAlerts({ items }: { items: Alert[] }): ReactElement {
  const { t } = useTranslation();
  return (
    <ul className="others">
      {items.map((a) => (
        <li key={a.id}>
          <a href={href(["alerts", a.id])}>
            <Sev severity={a.severity} />
            <span className="cut">{both(a.title)}</span>
            <span className="faint">{t(`alerts.st.${a.state}`)}</span>
            <Ago at={a.last_seen} className="faint" />
          </a>
        </li>
      ))}
    </ul>
  );
}

function Gaps({ coverage }: { coverage: Coverage | undefined }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {(coverage?.missing ?? []).map((m) => (
        <div className="line" key={m.day}>
          <span className="num">{day(m.day).slice(0, 5)}</span>
          <i className="gap" aria-hidden="true" />
          <span className="cut t-unknown">{both(m.reason)}</span>
          <span className="faint">{t("state.unknown")}</span>
        </div>
      ))}
    </>
  );
}

function Around({ a, subject }: { a: AlertDetail; subject: Subject }): ReactElement {
  const { t } = useTranslation();
  const from = new Date(Date.parse(a.first_seen) - HOUR).toISOString();
  const to = new Date(Date.parse(a.last_seen) + HOUR).toISOString();
  const q = subject.host ? `host.name:${quote(subject.value)}` : quote(subject.value);
  const events = useQuery({
    queryKey: ["events", "also", q, from, to],
    queryFn: () => get<EventPage>("/events", { q, from, to, limit: EVENTS }),
    staleTime: 60_000,
  });
  const alerts = useQuery({
    queryKey: ["alerts", "also", subject.value],
    queryFn: () => get<AlertPage>("/alerts", { q: subject.value, limit: ALERTS + 1 }),
    staleTime: 30_000,
  });
  const own = new Set((a.events ?? []).map((e) => e.id));
  const others = (alerts.data?.items ?? []).filter((x) => x.id !== a.id).slice(0, ALERTS);
  const rows = events.data?.items ?? [];
  const days = new Set(rows.map((e) => date(e.time))).size > 1;
  return (
    <>
      {others.length > 0 && <OtherAlerts items={others} />}
      {alerts.data && others.length === 0 && <p className="faint small">{t("alerts.alsoNoAlert")}</p>}
      {events.isPending && <Skeleton rows={EVENTS} height={20} />}
      {events.isError && <ErrorNote error={events.error} />}
      {events.data && rows.length === 0 && <p className="faint small">{t("alerts.alsoNone")}</p>}
      {rows.map((e) => (
        <a className={own.has(e.id) ? "line own" : "line"} key={e.id} href={href(["events", e.id], { q, from, to })}>
          <span className="num" title={exact(e.time)}>
            {days ? `${date(e.time).slice(0, 5)} ${clockTime(e.time, false)}` : clockTime(e.time)}
          </span>
          <i className={own.has(e.id) ? "hot" : ""} aria-hidden="true" />
          <span className="cut data" title={e.raw.slice(0, 400)}>
            {summary(e)}
          </span>
          <span className="faint">{e.source.name}</span>
        </a>
      ))}
      <Gaps coverage={events.data?.coverage} />
      {rows.length > 0 && (
        <a className="t-accent small strong" href={href(["events"], { q, from, to })}>
          {t("alerts.alsoOpen")} {events.data?.next ? t("alerts.alsoMore", { n: num(rows.length) }) : ""}
        </a>
      )}
    </>
  );
}

export function Also({ a }: { a: AlertDetail }): ReactElement | null {
  const { t } = useTranslation();
  const all = subjects(a);
  const [at, setAt] = useState(0);
  const subject = all[Math.min(at, all.length - 1)];
  if (!subject) return null;
  return (
    <div className="q also">
      <h3>
        {t(subject.host ? "alerts.alsoHost" : "alerts.alsoAddress")}
        <span className="faint">
          {t("alerts.alsoWindow")}, {date(a.last_seen)}
        </span>
      </h3>
      <div className="chips wrap" role="group" aria-label={t("alerts.also")}>
        {all.map((s, i) => (
          <button
            key={s.value}
            type="button"
            className={s === subject ? "chip on" : "chip"}
            aria-pressed={s === subject}
            onClick={() => setAt(i)}
          >
            <Icon name={s.host ? "wall" : "globe"} />
            <span className="data">{s.value}</span>
          </button>
        ))}
      </div>
      <Around key={subject.value} a={a} subject={subject} />
    </div>
  );
}
