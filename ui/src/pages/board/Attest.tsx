/* SPDX-License-Identifier: Apache-2.0 */
import { Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../../api/client";
import type { Measure } from "../../api/types";
import { parseTime } from "../../lib/format";
import { Btn } from "../../ui/Btn";
import { ErrorNote } from "../../ui/States";
import { toast } from "../../ui/toast";

/* A person's word where no machine can see; only a duty lead may give it, and it expires. */
export function Attest({ directive, measure }: { directive: string; measure: string }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [statement, setStatement] = useState("");
  const [until, setUntil] = useState("");
  const [badDate, setBadDate] = useState(false);
  const send = useMutation({
    mutationFn: (expires: string) =>
      post<Measure>(`/directives/${encodeURIComponent(directive)}/measures/${encodeURIComponent(measure)}/attest`, {
        statement: statement.trim().normalize("NFC"),
        expires,
      }),
    onSuccess: () => {
      setOpen(false);
      toast(t("board.measure.sent", { id: measure }));
      void client.invalidateQueries({ queryKey: ["directive"] });
      void client.invalidateQueries({ queryKey: ["board"] });
    },
  });
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    const expires = parseTime(`${until.trim()} 23:59:59`);
    const bad = !expires || Date.parse(expires) < Date.now();
    setBadDate(bad);
    if (!bad && expires) send.mutate(expires);
  };
  if (!open) return <Btn onClick={() => setOpen(true)}>{t("board.measure.attest")}</Btn>;
  return (
    <form className="form" onSubmit={submit}>
      <p className="small muted">{t("board.measure.attestHint")}</p>
      <Textarea
        label={t("board.measure.statement")}
        required
        value={statement}
        onChange={(e) => setStatement(e.currentTarget.value)}
      />
      <TextInput
        label={t("board.measure.expires")}
        placeholder="31/12/2026"
        required
        value={until}
        error={badDate ? t("board.measure.badDate") : undefined}
        onChange={(e) => setUntil(e.currentTarget.value)}
      />
      {send.isError && <ErrorNote error={send.error} />}
      <div className="row">
        <Btn kind="primary" type="submit" busy={send.isPending} disabled={statement.trim() === ""}>
          {t("board.measure.send")}
        </Btn>
        <Btn kind="quiet" onClick={() => setOpen(false)}>
          {t("act.cancel")}
        </Btn>
      </div>
    </form>
  );
}
