/* SPDX-License-Identifier: Apache-2.0 */
import { PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "../../api/client";
import { useHealth } from "../../api/hooks";
import type { Session } from "../../api/types";
import { span } from "../../lib/format";
import { Btn } from "../../ui/Btn";
import { Icon } from "../../ui/Icon";
import { ErrorNote } from "../../ui/States";
import { GateFrame } from "./GateFrame";

function Problem({ error }: { error: unknown }): ReactElement {
  const { t } = useTranslation();
  if (!(error instanceof ApiError) || ![401, 429].includes(error.status)) return <ErrorNote error={error} />;
  const text = error.status === 429 ? t("auth.locked", { t: span(error.retryAfter ?? 60) }) : t("auth.bad");
  return (
    <div className="note failed" role="alert">
      <Icon name="warn" />
      <span>{text}</span>
    </div>
  );
}

export default function SignInPage({ ended }: { ended: boolean }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const health = useHealth();
  const [form, setForm] = useState({ name: "", password: "", code: "" });
  const enter = useMutation({
    mutationFn: () =>
      post<Session>("/session", {
        name: form.name.trim(),
        password: form.password.normalize("NFC"),
        code: form.code.replace(/\D/g, ""),
      }),
    onSuccess: (session) => client.setQueryData(["session"], session),
    onError: () => setForm((f) => ({ ...f, code: "" })),
  });
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    enter.mutate();
  };
  return (
    <GateFrame title={t("auth.signIn")}>
      {health.data?.setup && <div className="note unknown">{t("auth.setup")}</div>}
      {ended && !enter.isError && <div className="note">{t("auth.ended")}</div>}
      <form className="form" onSubmit={submit}>
        <TextInput
          label={t("auth.name")}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          required
          withAsterisk={false}
          data-autofocus
          value={form.name}
          onChange={(e) => setForm({ ...form, name: e.currentTarget.value })}
        />
        <PasswordInput
          label={t("auth.password")}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={form.password}
          onChange={(e) => setForm({ ...form, password: e.currentTarget.value })}
        />
        <TextInput
          label={t("auth.code")}
          description={t("auth.codeHint")}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="\s*\d{3}\s*\d{3}\s*"
          required
          withAsterisk={false}
          classNames={{ input: "data" }}
          value={form.code}
          onChange={(e) => setForm({ ...form, code: e.currentTarget.value })}
        />
        {enter.isError && <Problem error={enter.error} />}
        <Btn kind="primary" type="submit" busy={enter.isPending}>
          {t("auth.signIn")}
        </Btn>
      </form>
    </GateFrame>
  );
}
