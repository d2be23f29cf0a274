/* SPDX-License-Identifier: Apache-2.0 */
import { Drawer } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get, remove } from "../../api/client";
import type { BadLine, IndicatorList } from "../../api/types";
import { may, useSession } from "../../app/session";
import { both } from "../../i18n/lang";
import { date, num } from "../../lib/format";
import { go } from "../../lib/route";
import { Confirm } from "../../ui/Confirm";
import { ErrorNote, Skeleton } from "../../ui/States";
import { Ago } from "../../ui/Time";
import { toast } from "../../ui/toast";
import { Validity } from "./ListsPage";
import { monthShown } from "./model";

export function BadLines({ bad }: { bad: BadLine[] }): ReactElement {
  const { t } = useTranslation();
  return (
    <ul className="bad-lines">
      {bad.map((b) => (
        <li key={b.line}>
          <span className="num">{t("lists.badLine", { n: num(b.line) })}</span>
          <span>{both(b.reason)}</span>
        </li>
      ))}
    </ul>
  );
}

export function Types({ types }: { types: Record<string, number> }): ReactElement {
  return (
    <span className="chips wrap">
      {Object.entries(types).map(([k, n]) => (
        <span key={k} className="kv">
          <b>{k}</b>
          <span>{num(n)}</span>
        </span>
      ))}
    </span>
  );
}

function Body({ l }: { l: IndicatorList }): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const client = useQueryClient();
  const drop = useMutation({
    mutationFn: () => remove(`/lists/${encodeURIComponent(l.id)}`),
    onSuccess: () => {
      toast(t("lists.removed", { name: l.name }));
      go(["lists"]);
      void client.invalidateQueries({ queryKey: ["lists"] });
    },
  });
  return (
    <div className="drawer-body">
      <div className="note">{t(`lists.kindHelp.${l.kind}`)}</div>
      {l.fault && (
        <div className="note failed">
          {t(l.fault.kept ? "lists.faultKept" : "lists.fault")} <span className="data">{l.fault.reason}</span>
        </div>
      )}
      <dl className="facts">
        <dt>{t("lists.col.kind")}</dt>
        <dd>{t(`lists.kind.${l.kind}`)}</dd>
        <dt>{t("lists.col.letter")}</dt>
        <dd className="data">{l.letter || "–"}</dd>
        <dt>{t("lists.issuedBy")}</dt>
        <dd>{l.issuer || "–"}</dd>
        <dt>{t("lists.col.month")}</dt>
        <dd>{monthShown(l.month) || "–"}</dd>
        <dt>{t("lists.col.valid")}</dt>
        <dd>
          {l.valid_from && `${t("lists.from", { t: date(l.valid_from) })} `}
          <Validity l={l} />
        </dd>
        <dt>{t("lists.tlp")}</dt>
        <dd>{l.tlp || "–"}</dd>
        <dt>{t("lists.types")}</dt>
        <dd>
          <Types types={l.types} />
        </dd>
        <dt>{t("lists.col.hits")}</dt>
        <dd className="num">{num(l.hits)}</dd>
        <dt>{t("lists.importedBy")}</dt>
        <dd>
          {l.imported_by ?? "–"}, <Ago at={l.imported_at} />
        </dd>
        <dt>{t("lists.sha")}</dt>
        <dd className="data">{l.sha256}</dd>
      </dl>
      {l.bad && l.bad.length > 0 && (
        <>
          <h4 className="section-title">
            {t("lists.badLines", { n: num(l.bad_lines) })}{" "}
            {l.bad_lines > l.bad.length && <span className="faint">· {t("lists.badFirst")}</span>}
          </h4>
          <BadLines bad={l.bad} />
        </>
      )}
      {drop.isError && <ErrorNote error={drop.error} />}
      {may.share(user, "triage") && (
        <div className="row">
          <Confirm word={t("lists.remove")} question={t("lists.askRemove")} onYes={() => drop.mutate()} />
        </div>
      )}
    </div>
  );
}

export function ListDrawer({ id }: { id: string | null }): ReactElement {
  const { t } = useTranslation();
  const one = useQuery({
    queryKey: ["lists", "one", id],
    queryFn: () => get<IndicatorList>(`/lists/${encodeURIComponent(id ?? "")}`),
    enabled: id !== null,
  });
  return (
    <Drawer
      opened={id !== null}
      onClose={() => go(["lists"])}
      position="right"
      size={520}
      title={<b className="strong">{one.data?.name ?? ""}</b>}
      closeButtonProps={{ "aria-label": t("act.close") }}
    >
      {one.isPending && <Skeleton />}
      {one.isError && <ErrorNote error={one.error} />}
      {one.data && <Body l={one.data} />}
    </Drawer>
  );
}
