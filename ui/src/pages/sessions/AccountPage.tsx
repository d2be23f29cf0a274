/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get, remove } from "../../api/client";
import type { OwnSession, Page } from "../../api/types";
import { useSession } from "../../app/session";
import { agentName } from "../../lib/agent";
import { Btn } from "../../ui/Btn";
import { Mark } from "../../ui/Mark";
import { ErrorNote, Skeleton } from "../../ui/States";
import { Ago } from "../../ui/Time";
import { toast } from "../../ui/toast";
import { BellBox } from "./BellBox";
import "./bell.css";
import { PasswordForm } from "./PasswordForm";

function Row({ s, onEnd }: { s: OwnSession; onEnd: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <li>
      <span className="two-line grow">
        <span className="cut" title={s.agent}>
          {agentName(s.agent)}
        </span>
        <span>
          <span className="data">{s.address}</span> · <Ago at={s.last_seen} />
        </span>
      </span>
      {s.current ? (
        <Mark state="met" word={t("account.current")} />
      ) : (
        <Btn small onClick={onEnd}>
          {t("account.end")}
        </Btn>
      )}
    </li>
  );
}

export default function AccountPage(): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const client = useQueryClient();
  const list = useQuery({ queryKey: ["own-sessions"], queryFn: () => get<Page<OwnSession>>("/sessions") });
  const end = useMutation({
    mutationFn: (id: string) => remove(`/sessions/${encodeURIComponent(id)}`),
    onSuccess: () => {
      toast(t("account.ended"));
      void client.invalidateQueries({ queryKey: ["own-sessions"] });
    },
  });
  return (
    <div className="sheet-pad">
      <div className="pairs">
        <div>
          <section className="card box" aria-label={t("account.sessions")}>
            <div className="box-head">
              <h2>
                {user.display_name || user.name} · {t(`role.${user.role}`)}
              </h2>
            </div>
            <h3 className="pad-x section-title">{t("account.sessions")}</h3>
            {list.isPending && <Skeleton rows={2} height={48} />}
            {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
            {end.isError && <ErrorNote error={end.error} />}
            <ul className="plain-list">
              {(list.data?.items ?? []).map((s) => (
                <Row key={s.id} s={s} onEnd={() => end.mutate(s.id)} />
              ))}
            </ul>
          </section>
          <section className="card box" aria-label={t("account.password")}>
            <div className="box-head">
              <h2>{t("account.password")}</h2>
            </div>
            <PasswordForm />
          </section>
        </div>
        <div>
          <BellBox />
        </div>
      </div>
    </div>
  );
}
