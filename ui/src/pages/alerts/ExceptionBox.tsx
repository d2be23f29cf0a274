/* SPDX-License-Identifier: Apache-2.0 */
import { Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../../api/client";
import type { ExceptionItem, ExceptionProposal } from "../../api/types";
import { may, useSession } from "../../app/session";
import { num, parseTime } from "../../lib/format";
import { href } from "../../lib/route";
import { Btn } from "../../ui/Btn";
import { ErrorNote } from "../../ui/States";
import { toast } from "../../ui/toast";

interface Preview {
  would_hide: number;
  sample: string[];
}

export function FieldChips({ fields }: { fields: Record<string, string> }): ReactElement {
  return (
    <span className="chips wrap">
      {Object.entries(fields).map(([k, v]) => (
        <span key={k} className="kv">
          <b>{k}</b>
          <span>{v}</span>
        </span>
      ))}
    </span>
  );
}

function CreateForm({ proposal, done }: { proposal: ExceptionProposal; done: () => void }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  const [bad, setBad] = useState(false);
  const create = useMutation({
    mutationFn: (expires: string) =>
      post<ExceptionItem>("/exceptions", {
        rule: proposal.rule,
        fields: proposal.fields,
        reason: reason.trim().normalize("NFC"),
        expires,
      }),
    onSuccess: () => {
      toast(t("alerts.exception.created"));
      void client.invalidateQueries({ queryKey: ["exceptions"] });
      void client.invalidateQueries({ queryKey: ["alerts"] });
      done();
    },
  });
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    const expires = parseTime(`${until.trim()} 23:59:59`);
    setBad(!expires);
    if (expires && reason.trim() !== "") create.mutate(expires);
  };
  return (
    <form className="form" onSubmit={submit}>
      <Textarea
        label={t("alerts.exception.reason")}
        required
        value={reason}
        onChange={(e) => setReason(e.currentTarget.value)}
      />
      <TextInput
        label={t("alerts.exception.expires")}
        placeholder="31/12/2026"
        required
        value={until}
        error={bad ? t("board.measure.badDate") : undefined}
        onChange={(e) => setUntil(e.currentTarget.value)}
      />
      {create.isError && <ErrorNote error={create.error} />}
      <Btn type="submit" kind="primary" busy={create.isPending}>
        {t("alerts.exception.create")}
      </Btn>
    </form>
  );
}

/* A noisy rule proposes an exception; nobody creates one without having seen what it would hide. */
export function ExceptionBox({ proposal }: { proposal: ExceptionProposal }): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const [open, setOpen] = useState(true);
  const preview = useMutation({
    mutationFn: () => post<Preview>("/exceptions/preview", { rule: proposal.rule, fields: proposal.fields }),
  });
  if (!open) return <></>;
  return (
    <div className="q exception">
      <h3>{t("alerts.exception.title")}</h3>
      <p>{t("alerts.exception.proposal", { n: num(proposal.would_hide) })}</p>
      <FieldChips fields={proposal.fields} />
      {preview.isError && <ErrorNote error={preview.error} />}
      {preview.data && (
        <p className="strong">
          {t("alerts.exception.would", { n: num(preview.data.would_hide) })}
          {preview.data.sample.length > 0 && ` · ${t("alerts.exception.sample")}: `}
          {preview.data.sample.slice(0, 5).map((id, i) => (
            <a key={id} className="t-accent" href={href(["alerts", id])}>
              {i + 1}{" "}
            </a>
          ))}
        </p>
      )}
      {may.triage(user.role) && !preview.data && (
        <Btn small onClick={() => preview.mutate()} busy={preview.isPending}>
          {t("alerts.exception.preview")}
        </Btn>
      )}
      {preview.data && may.triage(user.role) && <CreateForm proposal={proposal} done={() => setOpen(false)} />}
    </div>
  );
}
