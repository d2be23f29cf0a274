/* SPDX-License-Identifier: Apache-2.0 */
/* The dispatch itself: who issued it, the slip, the letters it names, its contacts and when they were last verified. */
import { Drawer } from "@mantine/core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Board, Contact, Directive } from "../../api/types";
import { both } from "../../i18n/lang";
import { date } from "../../lib/format";
import { go } from "../../lib/route";
import { ErrorNote, Skeleton } from "../../ui/States";
import { Facts } from "../../ui/Facts";
import { useDirective } from "./MeasureDrawer";

function ContactRow({ c }: { c: Contact }): ReactElement {
  const { t } = useTranslation();
  return (
    <li className="contact">
      <b className="strong">{both(c.name)}</b>
      <span className="data">{[c.phone, c.hotline, c.email].filter(Boolean).join(" · ")}</span>
      <span className={c.dialable ? "faint small" : "t-unknown small"}>
        {c.verified_on ? t("board.directive.verified", { t: date(c.verified_on) }) : t("board.directive.unverified")}
        {!c.dialable && ` · ${t("board.directive.notDialable")}`}
      </span>
      {c.note && <span className="muted small">{both(c.note)}</span>}
    </li>
  );
}

/* What the slip says, and by name what nobody has filled in yet. */
function Slip({ slip }: { slip: Record<string, unknown> }): ReactElement {
  const { t } = useTranslation();
  const has = (v: unknown): boolean => v !== null && v !== undefined && v !== "";
  const empty = Object.keys(slip).filter((k) => !has(slip[k]));
  return (
    <>
      <Facts value={Object.fromEntries(Object.entries(slip).filter(([, v]) => has(v)))} />
      {empty.length > 0 && (
        <p className="small t-unknown">
          {t("board.directive.slipEmpty")}: {empty.map((k) => t(`fact.${k}`, k)).join(", ")}
        </p>
      )}
    </>
  );
}

function Body({ d }: { d: Directive }): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="drawer-body">
      <h3 className="measure-text">{both(d.subject)}</h3>
      <dl className="facts">
        <dt>{t("board.directive.issuer")}</dt>
        <dd>{both(d.issuer)}</dd>
        <dt>{t("board.directive.issued")}</dt>
        <dd>{date(d.issued)}</dd>
      </dl>
      {d.slip && (
        <>
          <h4 className="section-title">{t("board.directive.slip")}</h4>
          <Slip slip={d.slip} />
        </>
      )}
      {d.letters.length > 0 && (
        <>
          <h4 className="section-title">{t("board.directive.letters")}</h4>
          {d.letters.map((l, i) => (
            <Facts key={i} value={l} />
          ))}
        </>
      )}
      {d.contacts.length > 0 && (
        <>
          <h4 className="section-title">{t("board.directive.contacts")}</h4>
          <ul className="evidence-list">
            {d.contacts.map((c, i) => (
              <ContactRow key={i} c={c} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

export default function DirectiveDrawer({
  open,
  measures,
}: {
  open: boolean;
  measures: Board["measures"];
}): ReactElement {
  const { t } = useTranslation();
  const directive = useDirective(measures, open);
  const d = directive.data;
  const title = d ? (d.symbol.includes("/") ? d.symbol : `${d.number}/${d.symbol}`) : t("board.about");
  return (
    <Drawer
      opened={open}
      onClose={() => go(["board"])}
      position="right"
      size={560}
      title={<b className="strong">{title}</b>}
      closeButtonProps={{ "aria-label": t("act.close") }}
    >
      {directive.isPending && <Skeleton />}
      {directive.isError && <ErrorNote error={directive.error} retry={() => void directive.refetch()} />}
      {d && <Body d={d} />}
    </Drawer>
  );
}
