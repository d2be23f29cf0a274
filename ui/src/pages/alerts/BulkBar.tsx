/* SPDX-License-Identifier: Apache-2.0 */
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert, BulkResult } from "../../api/types";
import { useSession } from "../../app/session";
import { num } from "../../lib/format";
import { Btn } from "../../ui/Btn";
import { ErrorNote } from "../../ui/States";
import { useTriage } from "./useTriage";

/* Acts on what was chosen with x; what the server refused stays chosen and is named. */
interface BulkProps {
  ids: string[];
  alerts: Alert[];
  clear: () => void;
  ask: (alerts: Alert[]) => void;
}

export function BulkBar({ ids, alerts, clear, ask }: BulkProps): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const { bulk } = useTriage();
  const [failed, setFailed] = useState<BulkResult["failed"]>([]);
  const chosen = alerts.filter((a) => ids.includes(a.id));
  const judged = chosen.filter((a) => a.state === "verified_true" || a.state === "verified_false").map((a) => a.id);
  const fresh = alerts.filter((a) => ids.includes(a.id) && a.state === "new").map((a) => a.id);
  const done = (r: BulkResult): void => {
    setFailed(r.failed);
    if (r.failed.length === 0) clear();
  };
  const codes = [...new Set(failed.map((f) => f.code))].join(", ");
  return (
    <div className="bulk" role="group" aria-label={t("alerts.bulk.chosen", { n: ids.length })}>
      <b className="strong">{t("alerts.bulk.chosen", { n: num(ids.length) })}</b>
      <Btn
        small
        kind="primary"
        disabled={fresh.length === 0}
        busy={bulk.isPending}
        onClick={() => bulk.mutate({ ids: fresh, patch: { state: "acknowledged" } }, { onSuccess: done })}
      >
        {t("alerts.ackAct")} {num(fresh.length)}
      </Btn>
      <Btn
        small
        busy={bulk.isPending}
        onClick={() => bulk.mutate({ ids, patch: { assignee: user.id } }, { onSuccess: done })}
      >
        {t("alerts.assignMe")}
      </Btn>
      <Btn small busy={bulk.isPending} onClick={() => ask(chosen)}>
        {t("alerts.falseAct")}…
      </Btn>
      {judged.length > 0 && (
        <Btn
          small
          busy={bulk.isPending}
          onClick={() => bulk.mutate({ ids: judged, patch: { state: "handled" } }, { onSuccess: done })}
        >
          {t("alerts.handleAct")} {num(judged.length)}
        </Btn>
      )}
      <Btn small kind="quiet" onClick={clear}>
        {t("alerts.bulk.clear")}
      </Btn>
      {failed.length > 0 && (
        <span className="t-failed small">{t("alerts.bulk.failed", { n: failed.length, codes })}</span>
      )}
      {bulk.isError && <ErrorNote error={bulk.error} />}
    </div>
  );
}
