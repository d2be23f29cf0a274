/* SPDX-License-Identifier: Apache-2.0 */
/* The mail server, and a trial letter whose receipt is shown as it comes. */
import { PasswordInput, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "../../api/client";
import { useNotice } from "../../api/hooks";
import type { Notice, Notify, Smtp } from "../../api/types";
import { Btn } from "../../ui/Btn";
import { Mark } from "../../ui/Mark";
import { ErrorNote } from "../../ui/States";
import { NOTICE_MARK } from "./model";
import { useSaveNotify } from "./NotifySettings";

const TLS: Smtp["tls"][] = ["starttls", "tls", "none"];
const EMPTY: Smtp = { host: "", port: 587, tls: "starttls", user: "", from: "", ca_pem: "" };

/* What became of a trial. */
export function Outcome({ id }: { id: string }): ReactElement | null {
  const { t } = useTranslation();
  const one = useNotice(id);
  const n = one.data;
  if (!n) return one.isError ? <ErrorNote error={one.error} /> : null;
  return (
    <p className="row wrap small" role="status" data-testid="trial">
      <Mark state={NOTICE_MARK[n.state]} word={t(`notices.state.${n.state}`)} />
      <span className={n.receipt ? "data" : "t-unknown"}>{n.receipt ?? n.error ?? ""}</span>
    </p>
  );
}

export function Trial({ channel }: { channel: string }): ReactElement {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const mail = channel === "mail";
  const send = useMutation({
    mutationFn: () => post<Notice>("/notify/test", mail ? { channel, email: email.trim() } : { channel }),
  });
  return (
    <div className="form">
      <div className="row wrap">
        {mail && (
          <TextInput
            type="email"
            name="trial"
            aria-label={t("notices.trialTo")}
            placeholder={t("notices.trialTo")}
            classNames={{ input: "data" }}
            value={email}
            onChange={(e) => setEmail(e.currentTarget.value)}
          />
        )}
        <Btn busy={send.isPending} disabled={mail && !email.includes("@")} onClick={() => send.mutate()}>
          {t("notices.trial")}
        </Btn>
      </div>
      {send.isError && <ErrorNote error={send.error} />}
      {send.data && <Outcome id={send.data.id} />}
    </div>
  );
}

interface FieldsProps {
  s: Smtp;
  set: (s: Smtp) => void;
  port: string;
  setPort: (text: string) => void;
  password: string;
  setPassword: (text: string) => void;
  edits: boolean;
  errors: Record<string, string>;
}

function Fields({ s, set, port, setPort, password, setPassword, edits, errors }: FieldsProps): ReactElement {
  const { t } = useTranslation();
  const text = (key: "host" | "user" | "from" | "ca_pem"): Record<string, unknown> => ({
    label: t(`notices.${key}`),
    name: `smtp_${key}`,
    readOnly: !edits,
    classNames: { input: "data" },
    value: s[key] ?? "",
    error: errors[`smtp.${key}`],
    onChange: (e: { currentTarget: { value: string } }) => set({ ...s, [key]: e.currentTarget.value }),
  });
  return (
    <>
      <div className="form-2">
        <TextInput {...text("host")} placeholder="mail.example.vn" />
        <TextInput
          label={t("notices.port")}
          name="smtp_port"
          inputMode="numeric"
          readOnly={!edits}
          value={port}
          error={errors["smtp.port"]}
          onChange={(e) => setPort(e.currentTarget.value)}
        />
        <Select
          label={t("notices.tls")}
          name="smtp_tls"
          readOnly={!edits}
          allowDeselect={false}
          data={TLS.map((x) => ({ value: x, label: t(`notices.tlsOf.${x}`) }))}
          value={s.tls}
          error={errors["smtp.tls"]}
          onChange={(v) => set({ ...s, tls: (v ?? s.tls) as Smtp["tls"] })}
        />
        <TextInput {...text("from")} placeholder="canh@example.vn" />
        <TextInput {...text("user")} autoComplete="off" />
        <PasswordInput
          label={t("notices.password")}
          name="smtp_password"
          autoComplete="new-password"
          readOnly={!edits}
          placeholder={s.password_set ? "••••••••" : ""}
          visible={false}
          rightSection={<span />}
          value={password}
          onChange={(e) => setPassword(e.currentTarget.value)}
        />
      </div>
      <details>
        <summary className="small muted">{t("notices.caHelp")}</summary>
        <Textarea {...text("ca_pem")} />
      </details>
    </>
  );
}

export function Mail({ n, edits }: { n: Notify; edits: boolean }): ReactElement {
  const { t } = useTranslation();
  const [s, set] = useState<Smtp>({ ...EMPTY, ...n.smtp });
  const [port, setPort] = useState(String(s.port));
  const [password, setPassword] = useState("");
  const save = useSaveNotify();
  const errors = save.error instanceof ApiError ? save.error.errors : {};
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    const { host, tls, user, from, ca_pem } = s;
    const typed = password === "" ? {} : { password };
    save.mutate({ smtp: { host, tls, from, port: Number(port), user: user ?? "", ca_pem: ca_pem ?? "", ...typed } });
  };
  return (
    <section className="card box" aria-label={t("notices.mail")}>
      <div className="box-head">
        <h2>{t("notices.mail")}</h2>
        <Mark state={n.smtp ? "met" : "unknown"} word={t(n.smtp ? "notices.isSet" : "notices.notSet")} />
      </div>
      <form className="form box-body" onSubmit={submit}>
        <Fields
          s={s}
          set={set}
          port={port}
          setPort={setPort}
          password={password}
          setPassword={setPassword}
          edits={edits}
          errors={errors}
        />
        {save.isError && Object.keys(errors).length === 0 && <ErrorNote error={save.error} />}
        {edits && (
          <div className="row">
            <Btn kind="primary" type="submit" busy={save.isPending} disabled={s.host.trim() === ""}>
              {t("notices.saveMail")}
            </Btn>
          </div>
        )}
        {edits && n.smtp && <Trial channel="mail" />}
      </form>
    </section>
  );
}
