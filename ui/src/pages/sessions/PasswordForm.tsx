/* SPDX-License-Identifier: Apache-2.0 */
import { PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "../../api/client";
import { Btn } from "../../ui/Btn";
import { ErrorNote } from "../../ui/States";
import { toast } from "../../ui/toast";

const EMPTY = { old: "", next: "", again: "", code: "" };
const MIN = 12;

export function PasswordForm(): ReactElement {
  const { t } = useTranslation();
  const [form, setForm] = useState(EMPTY);
  const [tried, setTried] = useState(false);
  const send = useMutation({
    mutationFn: () =>
      post("/session/password", {
        old: form.old.normalize("NFC"),
        new: next,
        code: form.code.replace(/\D/g, ""),
      }),
    onSuccess: () => {
      setForm(EMPTY);
      setTried(false);
      toast(t("account.changed"));
    },
  });
  /* as the server counts and keeps it: marks are no characters */
  const next = form.next.normalize("NFC");
  const short = Array.from(next).length < MIN;
  const differ = next !== form.again.normalize("NFC");
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    setTried(true);
    if (!short && !differ) send.mutate();
  };
  const bind = (key: keyof typeof EMPTY) => ({
    name: key,
    value: form[key],
    onChange: (e: { currentTarget: { value: string } }) => setForm({ ...form, [key]: e.currentTarget.value }),
  });
  const wrong = send.error instanceof ApiError && send.error.code === "bad_credentials";
  return (
    <form className="form box-body" onSubmit={submit}>
      <PasswordInput label={t("account.old")} autoComplete="current-password" {...bind("old")} />
      <PasswordInput
        label={t("account.next")}
        description={t("auth.invite.passwordHint")}
        autoComplete="new-password"
        error={tried && short ? t("auth.invite.short") : undefined}
        {...bind("next")}
      />
      <PasswordInput
        label={t("account.again")}
        autoComplete="new-password"
        error={tried && differ ? t("auth.invite.differ") : undefined}
        {...bind("again")}
      />
      <TextInput
        label={t("auth.code")}
        inputMode="numeric"
        autoComplete="one-time-code"
        classNames={{ input: "data" }}
        {...bind("code")}
      />
      {send.isError &&
        (wrong ? <div className="note failed">{t("account.wrong")}</div> : <ErrorNote error={send.error} />)}
      <div className="row">
        <Btn kind="primary" type="submit" busy={send.isPending}>
          {t("account.change")}
        </Btn>
      </div>
    </form>
  );
}
