/* SPDX-License-Identifier: Apache-2.0 */
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import type { AlertDetail, EventPage } from "../../api/types";
import { both } from "../../i18n/lang";
import { clockTime, day, exact, num } from "../../lib/format";
import { quote } from "../../lib/query";
import { href } from "../../lib/route";
import { ErrorNote, Skeleton } from "../../ui/States";

const HOUR = 3600 * 1000;

/* What else the same machine (or address) did around the alert; a gap in sight is a row of its own. */
export function Also({ a }: { a: AlertDetail }): ReactElement | null {
  const { t } = useTranslation();
  const who = a.hosts[0] ?? a.addresses[0];
  const from = new Date(Date.parse(a.first_seen) - HOUR).toISOString();
  const to = new Date(Date.parse(a.last_seen) + HOUR).toISOString();
  const q = who ? quote(who) : "";
  const events = useQuery({
    queryKey: ["events", "also", a.id],
    queryFn: () => get<EventPage>("/events", { q, from, to, limit: 8 }),
    enabled: q !== "",
    staleTime: 60_000,
  });
  if (!who) return null;
  const missing = events.data?.coverage?.missing ?? [];
  return (
    <div className="q">
      <h3>
        {t("alerts.also")}
        <span className="faint">
          {who} · {t("alerts.alsoWindow")}
        </span>
      </h3>
      {events.isPending && <Skeleton rows={3} height={20} />}
      {events.isError && <ErrorNote error={events.error} />}
      {events.data?.items.length === 0 && <p className="faint">{t("alerts.alsoNone")}</p>}
      {events.data?.items.map((e) => (
        <div className="line" key={e.id}>
          <span className="num" title={exact(e.time)}>
            {clockTime(e.time)}
          </span>
          <i className={a.events.some((x) => x.id === e.id) ? "hot" : ""} aria-hidden="true" />
          <span className="cut data">{e.raw}</span>
          <span className="faint">{e.source.name}</span>
        </div>
      ))}
      {missing.map((m) => (
        <div className="line" key={m.day}>
          <span className="num">{day(m.day).slice(0, 5)}</span>
          <i className="gap" aria-hidden="true" />
          <span className="cut t-unknown">{both(m.reason)}</span>
          <span className="faint">{t("state.unknown")}</span>
        </div>
      ))}
      {(events.data?.items.length ?? 0) > 0 && (
        <a className="t-accent small strong" href={href(["events"], { q, from, to })}>
          {t("alerts.alsoOpen")} {events.data?.next ? `(> ${num(events.data.items.length)})` : ""}
        </a>
      )}
    </div>
  );
}
