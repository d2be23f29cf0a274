/* SPDX-License-Identifier: Apache-2.0 */
/* A measure opened: each check with its value, what is required, n of N with the source of N, age, ledger entries. */
import { Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import type { Board, Directive, Evidence, Measure } from "../../api/types";
import { may, useSession } from "../../app/session";
import { both } from "../../i18n/lang";
import { date, num, span } from "../../lib/format";
import { go, href } from "../../lib/route";
import { Icon } from "../../ui/Icon";
import { Mark, markOf } from "../../ui/Mark";
import { Ago } from "../../ui/Time";
import { ErrorNote, NotSeen, Skeleton } from "../../ui/States";
import { Attest } from "./Attest";
import { heldTo, valueText } from "./figure";
import { directiveId, Fraction } from "./Measures";
import { Spells } from "./Spells";
import { safeLink } from "./Tasks";
import { isUnknown } from "./things";

export function useDirective(measures: Board["measures"], open: boolean) {
  const id = isUnknown(measures) ? "" : directiveId(measures);
  return useQuery({
    queryKey: ["directive", id],
    queryFn: () => get<Directive>(`/directives/${encodeURIComponent(id)}`),
    enabled: open && id !== "",
  });
}

function EvidenceRow({ e }: { e: Evidence }): ReactElement {
  const { t } = useTranslation();
  const old = e.age_s !== null && e.fresh_s !== null && e.age_s > e.fresh_s;
  return (
    <li className={`evidence ${e.state}`}>
      <div className="row">
        <Mark state={markOf(e.state)} />
        <b className="strong grow">{both(e.title)}</b>
        <span className="num strong">{valueText(e)}</span>
      </div>
      {e.reason && <p className="muted">{both(e.reason)}</p>}
      <dl className="facts">
        <dt>{t("board.measure.must")}</dt>
        <dd className="data">{heldTo(e)}</dd>
        <dt>{t("board.cols.n")}</dt>
        <dd>
          <Fraction m={e} />
        </dd>
        <dt>{t("board.measure.source")}</dt>
        <dd>{both(e.of_source) || "–"}</dd>
        <dt>{t("board.measure.age")}</dt>
        <dd className={old ? "t-unknown" : ""}>
          {e.age_s === null ? "–" : t("board.measure.old", { t: span(e.age_s) })}
          {e.fresh_s !== null && `, ${t("board.measure.limit", { t: span(e.fresh_s) })}`}
        </dd>
      </dl>
      {e.todo && (
        <a className="do" href={safeLink(e.todo.link)}>
          {both(e.todo.text)}
          <Icon name="right" />
        </a>
      )}
      {e.ledger.length > 0 && (
        <p className="small faint">
          {t("board.measure.ledger")}{" "}
          {e.ledger.map((n) => (
            <a key={n} className="t-accent num" href={href(["ledger"], { n: String(n) })}>
              {num(n)}{" "}
            </a>
          ))}
        </p>
      )}
    </li>
  );
}

function Body({ m, directive }: { m: Measure; directive: string }): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  return (
    <div className="drawer-body">
      <div className="row">
        <Mark state={markOf(m.state)} />
        <span className="grow" />
        <Fraction m={m} />
        <span className="muted">{m.age_s === null ? "" : span(m.age_s)}</span>
      </div>
      <h3 className="measure-text">{both(m.text)}</h3>
      {m.reason && <p className={m.state === "met" ? "note" : `note ${markOf(m.state)}`}>{both(m.reason)}</p>}
      {m.attestation && (
        <div className="note">
          <span>
            <b className="strong">{m.attestation.statement}</b>{" "}
            {t("board.measure.attested", {
              who: m.attestation.by,
              at: date(m.attestation.at),
              until: date(m.attestation.expires),
            })}
          </span>
        </div>
      )}
      <dl className="facts">
        <dt>{t("board.measure.since")}</dt>
        <dd>
          <Ago at={m.since} />
        </dd>
        <dt>{t("board.measure.checked")}</dt>
        <dd>
          <Ago at={m.checked} />
        </dd>
      </dl>
      <p className="small faint">
        {t("board.measure.binds")}: {m.binds.map((b) => t(`board.measure.${b}`, b)).join(", ")}
      </p>
      <Spells directive={directive} measure={m.id} />
      <h4 className="section-title">{t("board.measure.evidence")}</h4>
      {m.evidence && m.evidence.length > 0 ? (
        <ul className="evidence-list">
          {m.evidence.map((e) => (
            <EvidenceRow key={e.metric} e={e} />
          ))}
        </ul>
      ) : (
        <NotSeen title={t("board.notSeen")}>{t("board.measure.none")}</NotSeen>
      )}
      {may.share(user, "lead") && m.state !== "met" && <Attest directive={directive} measure={m.id} />}
    </div>
  );
}

export default function MeasureDrawer({
  id,
  measures,
}: {
  id: string | null;
  measures: Board["measures"];
}): ReactElement {
  const { t } = useTranslation();
  const directive = useDirective(measures, id !== null);
  const m = directive.data?.measures.find((x) => x.id === id);
  return (
    <Drawer
      opened={id !== null}
      onClose={() => go(["board"])}
      position="right"
      size={560}
      title={<b className="strong">{t("board.measure.title", { id })}</b>}
      closeButtonProps={{ "aria-label": t("act.close") }}
    >
      {directive.isPending && <Skeleton />}
      {directive.isError && <ErrorNote error={directive.error} retry={() => void directive.refetch()} />}
      {directive.data && (m ? <Body m={m} directive={directive.data.id} /> : <NotSeen title={t("error.notFound")} />)}
    </Drawer>
  );
}
