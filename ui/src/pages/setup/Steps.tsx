/* SPDX-License-Identifier: Apache-2.0 */
/* The steps that are forms and lists of other pages, as they stand there. */
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import type { IndicatorList, Page } from "../../api/types";
import { may, useSession } from "../../app/session";
import { num } from "../../lib/format";
import { href } from "../../lib/route";
import { Btn } from "../../ui/Btn";
import { Empty, ErrorNote, Skeleton } from "../../ui/States";
import { Ago } from "../../ui/Time";
import { Drill } from "../alerts/Drill";
import { ImportDialog } from "../lists/ImportDialog";
import "../lists/lists.css";
import { House } from "../settings/SettingsPage";

export function UnitStep(): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  return may.seeAdmin(user.role) ? <House /> : <div className="note">{t("setup.adminOnly")}</div>;
}

function Lists({ items }: { items: IndicatorList[] }): ReactElement {
  const { t } = useTranslation();
  return (
    <ul className="plain-list">
      {items.map((l) => (
        <li key={l.id}>
          <a className="grow cut strong" href={href(["lists", l.id])}>
            {l.name}
          </a>
          <span className="muted small">{t(`lists.kind.${l.kind}`)}</span>
          <span className="num small">{num(l.entries)}</span>
          <span className="faint small">
            <Ago at={l.imported_at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

export function ListsStep(): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const [open, setOpen] = useState(false);
  const lists = useQuery({ queryKey: ["lists", "setup"], queryFn: () => get<Page<IndicatorList>>("/lists") });
  return (
    <section className="card box" aria-label={t("title.lists")}>
      <div className="box-head">
        <h2>{t("title.lists")}</h2>
        {may.share(user, "triage") && (
          <Btn kind="primary" icon="upload" onClick={() => setOpen(true)}>
            {t("lists.import")}
          </Btn>
        )}
      </div>
      {lists.isPending && <Skeleton rows={2} />}
      {lists.isError && <ErrorNote error={lists.error} retry={() => void lists.refetch()} />}
      {lists.data?.items.length === 0 && <Empty title={t("lists.none")}>{t("setup.listsWhy")}</Empty>}
      {lists.data && <Lists items={lists.data.items} />}
      <ImportDialog opened={open} close={() => setOpen(false)} />
    </section>
  );
}

const DRILL = ["send", "find", "wake", "keep"] as const;

export function DrillStep(): ReactElement {
  const { t } = useTranslation();
  return (
    <section className="card box" aria-label={t("setup.step.drill")}>
      <div className="setup-drill">
        <div className="setup-drill-what">
          <h3>{t("setup.drillWhat")}</h3>
          <ol>
            {DRILL.map((k, i) => (
              <li key={k}>
                <i className="num" aria-hidden="true">
                  {i + 1}
                </i>
                <span>
                  <b>{t(`setup.drill.${k}`)}</b>
                  <small>{t(`setup.drillWhy.${k}`)}</small>
                </span>
              </li>
            ))}
          </ol>
        </div>
        <div className="setup-drill-play">
          <h3>{t("setup.drillPlay")}</h3>
          <Drill primary />
          <p className="small muted">
            {t("setup.drillSee")}{" "}
            <a className="t-accent strong" href={href(["alerts"], { tab: "drill" })}>
              {t("setup.drillTab")}
            </a>
          </p>
        </div>
      </div>
    </section>
  );
}
