/* SPDX-License-Identifier: Apache-2.0 */
import { Textarea } from "@mantine/core";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { AlertDetail, HistoryEntry } from "../../api/types";
import { may, useSession } from "../../app/session";
import { num } from "../../lib/format";
import { href } from "../../lib/route";
import { Btn } from "../../ui/Btn";
import { Facts } from "../../ui/Facts";
import { Ago } from "../../ui/Time";
import type { Triage } from "./useTriage";

function Row({ h }: { h: HistoryEntry }): ReactElement {
  const { t } = useTranslation();
  return (
    <li>
      <Ago at={h.at} className="faint" />
      <span>
        <b className="strong">{h.actor}</b> {t(`alerts.acts.${h.act}`, h.act)}
        {h.detail && h.act !== "undone" && (
          <span className="detail">{typeof h.detail === "string" ? h.detail : <Facts value={h.detail} />}</span>
        )}
      </span>
      {h.ledger !== null && (
        <a className="faint num" href={href(["ledger"], { n: String(h.ledger) })}>
          {t("alerts.ledgerNo", { n: num(h.ledger) })}
        </a>
      )}
    </li>
  );
}

export function History({ a, triage }: { a: AlertDetail; triage: Triage }): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const [text, setText] = useState("");
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    const comment = text.trim().normalize("NFC");
    if (comment === "") return;
    triage.change.mutate(
      { alert: a, patch: { comment }, said: t("alerts.commented"), final: true },
      { onSuccess: () => setText("") },
    );
  };
  return (
    <div className="q">
      <h3>{t("alerts.history")}</h3>
      <ol className="history">
        {(a.history ?? []).map((h, i) => (
          <Row key={`${h.at}-${i}`} h={h} />
        ))}
      </ol>
      {may.triage(user.role) && (
        <form className="comment" onSubmit={submit}>
          <Textarea
            id="alert-comment"
            aria-label={t("alerts.comment")}
            placeholder={t("alerts.commentHint")}
            minRows={1}
            className="grow"
            value={text}
            onChange={(e) => setText(e.currentTarget.value)}
            onKeyDown={(e) => {
              if (e.key === "Escape") e.currentTarget.blur();
              if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) submit(e);
            }}
          />
          <Btn type="submit" disabled={text.trim() === ""} busy={triage.change.isPending}>
            {t("alerts.send")}
          </Btn>
        </form>
      )}
    </div>
  );
}
