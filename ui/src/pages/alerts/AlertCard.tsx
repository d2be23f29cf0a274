/* SPDX-License-Identifier: Apache-2.0 */
/* The alert card: five questions in fixed order, then fields, what else happened, and how it was worked. */
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import type { Alert, AlertDetail } from "../../api/types";
import { may, useSession } from "../../app/session";
import { both } from "../../i18n/lang";
import { num } from "../../lib/format";
import { href } from "../../lib/route";
import { Btn } from "../../ui/Btn";
import { Sev } from "../../ui/Mark";
import { Empty, ErrorNote, Skeleton } from "../../ui/States";
import { Techniques } from "../../ui/Techniques";
import { Ago, BigClock } from "../../ui/Time";
import { usePlaces } from "../../ui/Where";
import { Also } from "./Also";
import { Assign } from "./Assign";
import { EventFields } from "./EventFields";
import { ExceptionBox } from "./ExceptionBox";
import { Guide } from "./Guide";
import { History } from "./History";
import { acts, numberOf, runningClock, type Act } from "./model";
import type { Triage } from "./useTriage";

type OnAct = (a: Alert, what: Act | "mine") => void;

function Head({ a, onBack, triage }: { a: AlertDetail; onBack: (() => void) | null; triage: Triage }): ReactElement {
  const { t } = useTranslation();
  const running = runningClock(a);
  return (
    <header>
      <div className="grow">
        <div className="row top-row">
          {onBack && <Btn small kind="quiet" icon="back" onClick={onBack} aria-label={t("act.back")} />}
          <h2>{both(a.title)}</h2>
        </div>
        <div className="meta">
          {a.exercise && <span className="sim">{t("alerts.drillBadge")}</span>}
          <Sev severity={a.severity} />
          <span className="num">{numberOf(a)}</span>
          <span className="data cut">
            {[a.hosts[0], a.addresses.find((x) => x !== a.hosts[0])].filter(Boolean).join(" · ")}
          </span>
          <Ago at={a.last_seen} />
          <Assign a={a} triage={triage} />
        </div>
      </div>
      {running?.clock.due && (
        <div className={running.clock.overdue ? "deadline over" : "deadline"}>
          <b className="big">
            <BigClock due={running.clock.due} />
          </b>
          <span>{t(running.kind === "acknowledge" ? "alerts.toAck" : "alerts.toHandle")}</span>
        </div>
      )}
    </header>
  );
}

function Facts({ a }: { a: AlertDetail }): ReactElement {
  const { t } = useTranslation();
  const { many, nameOf } = usePlaces();
  const list = a.indicator?.list;
  return (
    <dl className="facts wide">
      {many && (
        <>
          <dt>{t("alerts.where")}</dt>
          <dd>{nameOf(a)}</dd>
        </>
      )}
      {a.matched && (
        <>
          <dt>{t("alerts.matched")}</dt>
          <dd className="data">
            <mark className="hot">{a.matched}</mark>
          </dd>
        </>
      )}
      {a.indicator && list && (
        <>
          <dt>{t("alerts.indicator")}</dt>
          <dd>
            <span className="data">{a.indicator.value}</span> ·{" "}
            {t("alerts.inList", { name: list.name, kind: t(`lists.kind.${list.kind}`) })}
            {list.letter && ` · ${t("alerts.letter", { no: list.letter })}`}
          </dd>
        </>
      )}
      {a.channel !== "rule" && (
        <>
          <dt>{t("alerts.manual.channel")}</dt>
          <dd>{t(`alerts.channel.${a.channel}`, a.channel)}</dd>
        </>
      )}
      {a.rule?.title && (
        <>
          <dt>{t("alerts.rule")}</dt>
          <dd>
            <a className="t-accent" href={href(["rules"], { q: a.rule.title })}>
              {a.rule.kind === "sigma" ? both(a.title) : a.rule.title}
            </a>
          </dd>
        </>
      )}
      <dt>{t("alerts.seen")}</dt>
      <dd>
        {t("alerts.count", { n: num(a.count) })}, <Ago at={a.first_seen} />
        {a.last_seen !== a.first_seen && (
          <>
            {" – "}
            <Ago at={a.last_seen} />
          </>
        )}
      </dd>
    </dl>
  );
}

const HOTKEY: Record<Act, string> = { ack: "A", true: "T", false: "F", handle: "H" };

function VerdictBar({ a, act, triage }: { a: AlertDetail; act: OnAct; triage: Triage }): ReactElement {
  const { t } = useTranslation();
  return (
    <footer className="verdict">
      {triage.change.isError && triage.change.variables.alert.id === a.id && <ErrorNote error={triage.change.error} />}
      {acts(a.state).map((what, i) => (
        <Btn
          key={what}
          {...(i === 0 ? { kind: "primary" as const } : {})}
          hotkey={HOTKEY[what]}
          busy={triage.change.isPending}
          onClick={() => act(a, what)}
        >
          {t(`alerts.${what}Act`)}
        </Btn>
      ))}
      <span className="grow" />
      <span className="faint small state-word">{t(`alerts.st.${a.state}`)}</span>
    </footer>
  );
}

function Body({ a, triage }: { a: AlertDetail; triage: Triage }): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="body">
      {a.exercise && <div className="note">{t("alerts.drillNote")}</div>}
      {a.description && <p className="described">{a.description}</p>}
      <Guide a={a} />
      <Facts a={a} />
      {a.exception && <ExceptionBox proposal={a.exception} />}
      <EventFields
        events={a.events?.length ? a.events : a.event ? [a.event] : []}
        count={a.count}
        matched={a.matched}
      />
      <Also a={a} />
      <Techniques tags={a.tags} />
      <History a={a} triage={triage} />
      <span className="sr-only">{t("alerts.ledgerNote")}</span>
    </div>
  );
}

/* Head, five questions and bar stand where they will stand. */
function CardWaiting(): ReactElement {
  return (
    <>
      <header className="waiting" />
      <div className="body">
        <Skeleton rows={9} height={44} />
      </div>
      <footer className="verdict waiting" />
    </>
  );
}

interface CardProps {
  id: string;
  act: OnAct;
  triage: Triage;
  onBack: (() => void) | null;
}

export function AlertCard({ id, act, triage, onBack }: CardProps): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const one = useQuery({
    queryKey: ["alerts", "one", id],
    queryFn: () => get<AlertDetail>(`/alerts/${encodeURIComponent(id)}`),
  });
  return (
    <article className="panel" id="alert-card" tabIndex={-1} aria-label={t("alerts.card")}>
      {one.isPending && <CardWaiting />}
      {one.isError && !one.data && (
        <div className="body">
          {onBack && (
            <Btn icon="back" onClick={onBack}>
              {t("act.back")}
            </Btn>
          )}
          <ErrorNote error={one.error} retry={() => void one.refetch()} />
        </div>
      )}
      {one.data === null && <Empty title={t("alerts.gone")} />}
      {one.data && (
        <>
          <Head a={one.data} onBack={onBack} triage={triage} />
          <Body a={one.data} triage={triage} />
          {may.triage(user.role) && <VerdictBar a={one.data} act={act} triage={triage} />}
        </>
      )}
    </article>
  );
}
