/* SPDX-License-Identifier: Apache-2.0 */
/* canh.yaml read anew: what changed, what waits for a restart, or the line that stopped it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, get, post } from "../../api/client";
import type { ReloadLast, ReloadOutcome } from "../../api/server";
import { may, useSession } from "../../app/session";
import { Btn } from "../../ui/Btn";
import { ErrorNote, Skeleton } from "../../ui/States";
import { Ago } from "../../ui/Time";

function Names({ label, names }: { label: string; names: string[] }): ReactElement | null {
  if (names.length === 0) return null;
  return (
    <p>
      {label} <code className="data">{names.join(", ")}</code>
    </p>
  );
}

function Outcome({ o, at }: { o: ReloadOutcome; at: string }): ReactElement {
  const { t } = useTranslation();
  if (!o.ok)
    return (
      <div className="note failed" role="alert">
        <div>
          <b className="strong">{t("reload.refused")}</b> <Ago at={at} />
          <ul className="plain-list">
            {o.mistakes.map((m, i) => (
              <li key={i}>
                {m.line !== null && <b className="strong">{t("reload.line", { n: m.line })} </b>}
                {m.reason}
              </li>
            ))}
          </ul>
        </div>
      </div>
    );
  return (
    <>
      <p>
        {t("reload.taken")} <Ago at={at} />
        {o.changed.length === 0 && `. ${t("reload.same")}`}
      </p>
      <Names label={t("reload.changed")} names={o.changed} />
      {o.restart.length > 0 && (
        <div className="note unknown">
          <Names label={t("reload.restart")} names={o.restart} />
        </div>
      )}
      {o.watch_anew && <p>{t("reload.watch")}</p>}
    </>
  );
}

export function Reload(): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const client = useQueryClient();
  const last = useQuery({ queryKey: ["reload"], queryFn: () => get<ReloadLast>("/reload") });
  const again = useMutation({
    mutationFn: () => post<ReloadOutcome>("/reload", {}),
    onSettled: () => {
      for (const key of ["reload", "certificate", "board"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  /* what was refused is told by its lines below */
  const failed = again.error instanceof ApiError && again.error.status === 422 ? null : again.error;
  return (
    <section className="card box" aria-label={t("reload.title")}>
      <div className="box-head">
        <h2>{t("reload.title")}</h2>
        {may.admin(user.role) && (
          <Btn small busy={again.isPending} onClick={() => again.mutate()}>
            {t("reload.again")}
          </Btn>
        )}
      </div>
      <div className="box-body">
        <p>{t("reload.help")}</p>
        {last.isPending && <Skeleton />}
        {failed && <ErrorNote error={failed} />}
        {last.data?.last && <Outcome o={last.data.last.outcome} at={last.data.last.at} />}
      </div>
    </section>
  );
}
