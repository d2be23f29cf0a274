/* SPDX-License-Identifier: Apache-2.0 */
/* The writing side of triage: every act goes to the server, and what comes back goes into the cache. */
import { useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { patch, post } from "../../api/client";
import type { Alert, AlertDetail, AlertPatch, BulkResult } from "../../api/types";
import { num } from "../../lib/format";
import { toast } from "../../ui/toast";
import { numberOf } from "./model";

export interface Change {
  alert: Pick<Alert, "id" | "number">;
  patch: AlertPatch;
  said: string;
  /* what was only said, or is itself an undo, cannot be undone */
  final?: boolean;
}

export interface Triage {
  change: UseMutationResult<AlertDetail, unknown, Change>;
  bulk: UseMutationResult<BulkResult, unknown, { ids: string[]; patch: AlertPatch }>;
  acknowledge: (a: Alert) => void;
  handle: (a: Alert) => void;
  assign: (a: Alert, who: { id: string; name: string } | null) => void;
}

export function useTriage(): Triage {
  const { t } = useTranslation();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (c: Change) => patch<AlertDetail>(`/alerts/${c.alert.id}`, c.patch),
    onSuccess: (detail, c) => {
      if (detail?.id) client.setQueryData(["alerts", "one", detail.id], detail);
      void client.invalidateQueries({ queryKey: ["alerts"] });
      void client.invalidateQueries({ queryKey: ["board"] });
      const back: Change = { alert: c.alert, patch: { undo: true }, said: t("alerts.undone"), final: true };
      toast(c.said, c.final ? undefined : () => change.mutate(back));
    },
  });
  const bulk = useMutation({
    mutationFn: (b: { ids: string[]; patch: AlertPatch }) => post<BulkResult>("/alerts/bulk", b),
    onSuccess: (r, b) => {
      void client.invalidateQueries({ queryKey: ["alerts"] });
      void client.invalidateQueries({ queryKey: ["board"] });
      const back = b.patch.undo ? undefined : () => bulk.mutate({ ids: r.done, patch: { undo: true } });
      toast(t(b.patch.undo ? "alerts.bulk.undone" : "alerts.bulk.done", { n: num(r.done.length) }), back);
    },
  });
  return {
    change,
    bulk,
    acknowledge: (a) => {
      if (a.state === "new")
        change.mutate({ alert: a, patch: { state: "acknowledged" }, said: t("alerts.acked", { no: numberOf(a) }) });
    },
    handle: (a) => {
      if (a.state === "verified_true" || a.state === "verified_false")
        change.mutate({ alert: a, patch: { state: "handled" }, said: t("alerts.handledDone", { no: numberOf(a) }) });
    },
    assign: (a, who) =>
      change.mutate({
        alert: a,
        patch: { assignee: who?.id ?? null },
        said: who
          ? t("alerts.assigned", { no: numberOf(a), who: who.name })
          : t("alerts.unassigned", { no: numberOf(a) }),
      }),
  };
}
