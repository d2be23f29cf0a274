/* SPDX-License-Identifier: Apache-2.0 */
import { Modal, Textarea } from "@mantine/core";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { both } from "../../i18n/lang";
import { num } from "../../lib/format";
import { Btn } from "../../ui/Btn";
import { ErrorNote } from "../../ui/States";
import { needsAction, numberOf } from "./model";
import type { Triage } from "./useTriage";

/* One alert, or all that were chosen. */
export interface Ask {
  alerts: Alert[];
  verdict: "true" | "false";
}

interface FormProps {
  ask: Ask;
  triage: Triage;
  close: () => void;
}

function Form({ ask, triage, close }: FormProps): ReactElement {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [action, setAction] = useState("");
  const [tried, setTried] = useState(false);
  const must = ask.alerts.some((a) => needsAction(a.severity));
  const [one] = ask.alerts;
  const send = ask.alerts.length > 1 ? triage.bulk : triage.change;
  const ok = reason.trim() !== "" && (!must || action.trim() !== "");
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    setTried(true);
    if (!ok) return;
    const patch = {
      verdict: ask.verdict,
      reason: reason.trim().normalize("NFC"),
      action: action.trim().normalize("NFC"),
    };
    if (ask.alerts.length > 1) triage.bulk.mutate({ ids: ask.alerts.map((a) => a.id), patch }, { onSuccess: close });
    else if (one)
      triage.change.mutate(
        { alert: one, patch, said: t("alerts.verdictDone", { no: numberOf(one) }) },
        { onSuccess: close },
      );
  };
  return (
    <form className="form" onSubmit={submit}>
      <p className="strong">
        {ask.alerts.length > 1 ? t("alerts.bulk.chosen", { n: num(ask.alerts.length) }) : both(one?.title)}
      </p>
      <Textarea
        label={t("alerts.verdict.reason")}
        description={t("alerts.verdict.reasonHint")}
        data-autofocus
        value={reason}
        error={tried && reason.trim() === "" ? t("alerts.verdict.reasonNeeded") : undefined}
        onChange={(e) => setReason(e.currentTarget.value)}
      />
      <Textarea
        label={t("alerts.verdict.action")}
        description={must ? t("alerts.verdict.actionHint") : undefined}
        value={action}
        error={tried && must && action.trim() === "" ? t("alerts.verdict.actionNeeded") : undefined}
        onChange={(e) => setAction(e.currentTarget.value)}
      />
      {send.isError && <ErrorNote error={send.error} />}
      <div className="row">
        <Btn kind="primary" type="submit" busy={send.isPending}>
          {t("alerts.send")}
        </Btn>
        <Btn kind="quiet" onClick={close}>
          {t("act.cancel")}
        </Btn>
        <span className="grow" />
        <span className="faint small">{t("alerts.ledgerNote")}</span>
      </div>
    </form>
  );
}

export function VerdictDialog({
  ask,
  triage,
  close,
}: {
  ask: Ask | null;
  triage: Triage;
  close: () => void;
}): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal
      opened={ask !== null}
      onClose={close}
      title={<b className="strong">{ask ? t(`alerts.verdict.${ask.verdict}`) : ""}</b>}
      closeButtonProps={{ "aria-label": t("act.close") }}
    >
      {ask && <Form key={(ask.alerts[0]?.id ?? "") + ask.verdict} ask={ask} triage={triage} close={close} />}
    </Modal>
  );
}
