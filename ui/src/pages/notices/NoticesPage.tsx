/* SPDX-License-Identifier: Apache-2.0 */
/* How alerts reach people: what was sent to whom with its receipt, and for administrators how it is set. */
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { usePaged } from "../../api/hooks";
import type { Notice, NoticeState } from "../../api/types";
import { may, useSession } from "../../app/session";
import { dateTime, num } from "../../lib/format";
import { href } from "../../lib/route";
import { Btn, Chip } from "../../ui/Btn";
import { Mark, Sev } from "../../ui/Mark";
import { Empty, ErrorNote, Skeleton } from "../../ui/States";
import { Ago } from "../../ui/Time";
import "../duty/duty.css";
import { NOTICE_MARK } from "./model";
import { NotifySettings } from "./NotifySettings";

const STATES: NoticeState[] = ["waiting", "held", "sent", "given_up", "dropped"];

function What({ n }: { n: Notice }): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="two-line">
      <span className="cut">
        {n.severity ? <Sev severity={n.severity} /> : <b className="strong">{t("notices.kind.test")}</b>}
      </span>
      <span className="cut">
        {n.kind !== "test" && `${t(`notices.kind.${n.kind}`)} · `}
        {n.alerts.slice(0, 3).map((a, i) => (
          <span key={a.id}>
            {i > 0 && ", "}
            <a className="t-accent" href={href(["alerts", a.id])}>
              {t("notices.alert", { n: a.number })}
            </a>
          </span>
        ))}
        {n.count > 3 && ` +${num(n.count - 3)}`}
        {n.exercise && ` · ${t("bell.exercise")}`}
      </span>
    </span>
  );
}

/* The receipt is the proof; where there is none, why. */
function Proof({ n }: { n: Notice }): ReactElement {
  const { t } = useTranslation();
  const late = n.state === "held" && n.due ? t("notices.until", { t: dateTime(n.due) }) : "";
  return (
    <span className="two-line">
      <span className={n.receipt ? "data cut" : "cut t-unknown"} title={n.receipt ?? n.error ?? ""}>
        {n.receipt ?? n.error ?? (late || "–")}
      </span>
      <span className="cut">
        {t("notices.attempts", { n: n.attempts })}
        {n.in_doubt && ` · ${t("notices.inDoubt")}`}
      </span>
    </span>
  );
}

function Row({ n }: { n: Notice }): ReactElement {
  const { t } = useTranslation();
  return (
    <li className="notice-row">
      <Mark state={NOTICE_MARK[n.state]} word={t(`notices.state.${n.state}`)} />
      <span className="faint small">
        <Ago at={n.sent ?? n.at} />
      </span>
      <What n={n} />
      <span className="two-line">
        <span className="cut">{n.to.name}</span>
        <span className="cut data">{n.to.address ?? n.webhook ?? ""}</span>
      </span>
      <Proof n={n} />
    </li>
  );
}

function Outbox(): ReactElement {
  const { t } = useTranslation();
  const [state, setState] = useState<NoticeState | "">("");
  const { query, items, more } = usePaged<Notice>(["notices"], "/notices", { state, limit: 50 });
  return (
    <section className="card box" aria-label={t("notices.outbox")}>
      <div className="box-head">
        <h2>{t("notices.outbox")}</h2>
        <span className="chips wrap">
          {STATES.map((s) => (
            <Chip key={s} on={s === state} onClick={() => setState(s === state ? "" : s)}>
              {t(`notices.state.${s}`)}
            </Chip>
          ))}
        </span>
      </div>
      {query.isPending && <Skeleton rows={3} />}
      {query.isError && <ErrorNote error={query.error} retry={() => void query.refetch()} />}
      {query.data && items.length === 0 && <Empty title={t("notices.none")}>{t("notices.noneWhy")}</Empty>}
      <ul>
        {items.map((n) => (
          <Row key={n.id} n={n} />
        ))}
      </ul>
      {more && (
        <div className="row pad-x">
          <Btn kind="quiet" onClick={more}>
            {t("act.more")}
          </Btn>
        </div>
      )}
    </section>
  );
}

export default function NoticesPage(): ReactElement {
  const { user } = useSession();
  return (
    <div className="sheet-pad">
      <Outbox />
      {user.whole && may.seeAdmin(user.role) && <NotifySettings />}
    </div>
  );
}
