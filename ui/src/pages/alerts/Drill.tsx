/* SPDX-License-Identifier: Apache-2.0 */
/* Playing an exercise from the page, and how the last one came out. It counts as a control test, never as an attack. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../../api/client";
import { useExercises } from "../../api/hooks";
import type { Exercises } from "../../api/types";
import { may, useSession } from "../../app/session";
import { both } from "../../i18n/lang";
import { Btn } from "../../ui/Btn";
import { Mark } from "../../ui/Mark";
import { ErrorNote } from "../../ui/States";
import { Ago } from "../../ui/Time";

function Last({ last }: { last: NonNullable<Exercises["last"]> }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <p className="small muted">
        {t("alerts.drillLast")} <Ago at={last.begun} /> · {both(last.title)}
        {!last.played && ` · ${t("alerts.drillBroken")}`}
      </p>
      {last.played && (
        <ul className="drill-found">
          {last.expected.map((x) => (
            <li key={x.title.en}>
              <Mark state={x.found ? "met" : "failed"} word={t(x.found ? "alerts.drillFound" : "alerts.drillMissed")} />{" "}
              <span className="small">{both(x.title)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/* primary: the step of the first run, where playing it is what is to be done */
export function Drill({ primary = false }: { primary?: boolean }): ReactElement | null {
  const { t } = useTranslation();
  const { user } = useSession();
  const client = useQueryClient();
  const list = useExercises();
  const play = useMutation({
    mutationFn: (scenario: string) => post<null>("/exercises", { scenario }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["exercises"] }),
  });
  if (!list.data) return list.isError ? <ErrorNote error={list.error} /> : null;
  const { scenarios, running, last } = list.data;
  return (
    <div className="drill">
      {!primary && <p className="small muted">{t("alerts.drillHelp")}</p>}
      {primary && !last && !running && <p className="small muted">{t("setup.drillNone")}</p>}
      {last && !running && <Last last={last} />}
      {play.isError && <ErrorNote error={play.error} />}
      {running && (
        <p className="small strong" role="status">
          {t("alerts.drillRunning")}
        </p>
      )}
      {may.lead(user.role) && (
        <div className="row wrap">
          {scenarios.map((s) => (
            <Btn
              key={s.id}
              small={!primary}
              kind={primary && !last ? "primary" : undefined}
              busy={running || play.isPending}
              onClick={() => play.mutate(s.id)}
            >
              {t("alerts.drillPlay", { name: both(s.title) })}
            </Btn>
          ))}
        </div>
      )}
    </div>
  );
}
