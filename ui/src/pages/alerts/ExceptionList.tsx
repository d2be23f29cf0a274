/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { remove } from "../../api/client";
import { usePaged, WHOLE } from "../../api/hooks";
import type { ExceptionItem } from "../../api/types";
import { may, useSession } from "../../app/session";
import { date, num } from "../../lib/format";
import { Confirm } from "../../ui/Confirm";
import { Empty, ErrorNote, Skeleton } from "../../ui/States";
import { toast } from "../../ui/toast";
import { FieldChips } from "./ExceptionBox";

export function ExceptionList(): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const client = useQueryClient();
  const list = usePaged<ExceptionItem>(["exceptions"], "/exceptions", WHOLE);
  const drop = useMutation({
    mutationFn: (id: string) => remove(`/exceptions/${id}`),
    onSuccess: () => {
      toast(t("alerts.exception.removed"));
      void client.invalidateQueries({ queryKey: ["exceptions"] });
    },
  });
  return (
    <div className="scroll">
      {list.query.isPending && <Skeleton />}
      {list.query.isError && <ErrorNote error={list.query.error} retry={() => void list.query.refetch()} />}
      {drop.isError && <ErrorNote error={drop.error} />}
      {list.query.data && list.items.length === 0 && (
        <Empty title={t("alerts.exception.none")}>{t("alerts.exception.noneWhy")}</Empty>
      )}
      <ul className="plain-list">
        {list.items.map((x) => (
          <li key={x.id}>
            <div className="grow">
              <b className="strong">{x.rule}</b>
              <FieldChips fields={x.fields} />
              <p className="muted small">
                {x.reason} · {t("alerts.exception.expires")} {date(x.expires)}
                {x.hidden !== undefined && ` · ${t("alerts.exception.hidden", { n: num(x.hidden) })}`}
                {x.active === false && ` · ${t("alerts.exception.over")}`}
              </p>
            </div>
            {may.triage(user.role) && (
              <Confirm
                word={t("act.remove")}
                question={t("alerts.exception.askRemove")}
                onYes={() => drop.mutate(x.id)}
              />
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
