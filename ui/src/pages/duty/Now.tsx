/* SPDX-License-Identifier: Apache-2.0 */
/* Who watches now, how he is reached, when the next one takes over. */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useDutyNow } from "../../api/hooks";
import type { DutyNow, Shift } from "../../api/types";
import { dateTime, until } from "../../lib/format";
import { useSlowNow } from "../../lib/now";
import { Icon } from "../../ui/Icon";
import { Mark } from "../../ui/Mark";
import { ErrorNote, Skeleton } from "../../ui/States";

export function Phone({ phone }: { phone: string | null }): ReactElement {
  const { t } = useTranslation();
  if (!phone) return <span className="t-unknown">{t("duty.noPhone")}</span>;
  return (
    <a className="data t-accent" href={`tel:${phone.replace(/[^\d+]/g, "")}`}>
      {phone}
    </a>
  );
}

function OnDuty({ s }: { s: Shift }): ReactElement {
  const { t } = useTranslation();
  const now = useSlowNow();
  return (
    <li>
      <span className="two-line grow">
        <b className="strong">{s.person.name}</b>
        <span>{t(`duty.post.${s.post}`)}</span>
      </span>
      <Phone phone={s.person.phone} />
      <span className="small muted nowrap">{t("duty.until", { t: until(now, s.to) })}</span>
    </li>
  );
}

function Body({ d }: { d: DutyNow }): ReactElement {
  const { t } = useTranslation();
  const gap = d.gaps[0];
  return (
    <>
      <ul className="plain-list">
        {d.now.map((s) => (
          <OnDuty key={s.id} s={s} />
        ))}
      </ul>
      <p className="pad-x small muted duty-next">
        {d.next
          ? t("duty.next", {
              t: dateTime(d.next.at),
              who: d.next.people.map((s) => s.person.name).join(", ") || t("duty.nobody"),
            })
          : t("duty.noNext")}
      </p>
      {gap && (
        <div className="note unknown duty-gap">
          <Icon name="warn" />
          <span>{t("duty.gap", { from: dateTime(gap.from), to: dateTime(gap.to) })}</span>
        </div>
      )}
    </>
  );
}

export function Now(): ReactElement {
  const { t } = useTranslation();
  const now = useDutyNow();
  const d = now.data;
  return (
    <section className="card box" aria-label={t("duty.now")}>
      <div className="box-head">
        <h2>{t("duty.now")}</h2>
        {d && (
          <Mark
            state={d.covered ? "met" : d.kept ? "failed" : "unknown"}
            word={t(d.covered ? "duty.covered" : d.kept ? "duty.empty" : "duty.notKept")}
          />
        )}
      </div>
      {now.isPending && <Skeleton rows={2} />}
      {now.isError && <ErrorNote error={now.error} retry={() => void now.refetch()} />}
      {d && <Body d={d} />}
    </section>
  );
}
