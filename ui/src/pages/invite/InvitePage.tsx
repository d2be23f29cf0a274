/* SPDX-License-Identifier: Apache-2.0 */
import { PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, get, post } from "../../api/client";
import type { Invite, Session, TotpSeed } from "../../api/types";
import { Btn } from "../../ui/Btn";
import { Copy } from "../../ui/Copy";
import { ErrorNote, Skeleton } from "../../ui/States";
import { GateFrame } from "../signin/GateFrame";
import { Qr } from "../../ui/Qr";

interface Draft {
  name: string;
  display_name: string;
  password: string;
  again: string;
}

const MIN_PASSWORD = 12;

function check(d: Draft, t: (key: string) => string): Partial<Draft> {
  const wrong: Partial<Draft> = {};
  if (d.name.trim() === "") wrong.name = t("auth.invite.nameNeeded");
  if (Array.from(d.password).length < MIN_PASSWORD) wrong.password = t("auth.invite.short");
  if (d.password !== d.again) wrong.again = t("auth.invite.differ");
  return wrong;
}

interface StepOneProps {
  token: string;
  invite: Invite;
  onSeed: (seed: TotpSeed) => void;
}

function StepOne({ token, invite, onSeed }: StepOneProps): ReactElement {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Draft>({
    name: invite.name ?? "",
    display_name: invite.display_name ?? "",
    password: "",
    again: "",
  });
  const [wrong, setWrong] = useState<Partial<Draft>>({});
  const send = useMutation({
    mutationFn: () =>
      post<TotpSeed>(`/invite/${encodeURIComponent(token)}`, {
        name: draft.name.trim(),
        display_name: draft.display_name.trim().normalize("NFC") || draft.name.trim(),
        password: draft.password.normalize("NFC"),
      }),
    onSuccess: onSeed,
    onError: (e) => {
      if (e instanceof ApiError) setWrong(e.errors);
    },
  });
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    const found = check(draft, t);
    setWrong(found);
    if (Object.keys(found).length === 0) send.mutate();
  };
  const bind = (key: keyof Draft) => ({
    value: draft[key],
    error: wrong[key],
    onChange: (e: { currentTarget: { value: string } }) => setDraft({ ...draft, [key]: e.currentTarget.value }),
  });
  return (
    <form className="form" onSubmit={submit} noValidate>
      <TextInput
        label={t("auth.name")}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        readOnly={invite.name !== null}
        {...bind("name")}
      />
      <TextInput
        label={t("auth.invite.displayName")}
        description={t("auth.invite.displayHint")}
        name="display_name"
        autoComplete="name"
        {...bind("display_name")}
      />
      <PasswordInput
        label={t("auth.password")}
        description={t("auth.invite.passwordHint")}
        name="password"
        autoComplete="new-password"
        {...bind("password")}
      />
      <PasswordInput label={t("auth.invite.again")} name="again" autoComplete="new-password" {...bind("again")} />
      {send.isError && Object.keys(wrong).length === 0 && <ErrorNote error={send.error} />}
      <Btn kind="primary" type="submit" busy={send.isPending}>
        {t("act.next")}
      </Btn>
    </form>
  );
}

function StepTwo({ token, seed, first }: { token: string; seed: TotpSeed; first: boolean }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [code, setCode] = useState("");
  const send = useMutation({
    mutationFn: () => post<Session>(`/invite/${encodeURIComponent(token)}/confirm`, { code: code.replace(/\D/g, "") }),
    onSuccess: (session) => {
      client.setQueryData(["session"], session);
      /* who is the first sets the house up */
      location.hash = first ? "#/setup" : "#/board";
    },
    onError: () => setCode(""),
  });
  const badCode = send.error instanceof ApiError && send.error.status === 401;
  return (
    <form
      className="form"
      onSubmit={(e) => {
        e.preventDefault();
        send.mutate();
      }}
    >
      <p className="muted">{t("auth.invite.totpHow")}</p>
      <div className="qr-box">
        <Qr text={seed.totp_uri} label={t("auth.invite.qr")} />
      </div>
      <div className="secret">
        <span className="faint">{t("auth.invite.secret")}</span>
        <code className="data" data-testid="totp-secret">
          {seed.totp_secret.replace(/(.{4})(?=.)/g, "$1 ")}
        </code>
        <Copy text={seed.totp_secret} icon />
      </div>
      <TextInput
        label={t("auth.code")}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        classNames={{ input: "data" }}
        value={code}
        error={badCode ? t("auth.invite.badCode") : undefined}
        onChange={(e) => setCode(e.currentTarget.value)}
      />
      {send.isError && !badCode && <ErrorNote error={send.error} />}
      <Btn kind="primary" type="submit" busy={send.isPending} disabled={code.replace(/\D/g, "").length !== 6}>
        {t("auth.invite.confirm")}
      </Btn>
    </form>
  );
}

export default function InvitePage({ token }: { token: string }): ReactElement {
  const { t } = useTranslation();
  const [seed, setSeed] = useState<TotpSeed | null>(null);
  const invite = useQuery({
    queryKey: ["invite", token],
    queryFn: () => get<Invite>(`/invite/${encodeURIComponent(token)}`),
    staleTime: Infinity,
    retry: false,
  });
  const gone = invite.error instanceof ApiError && invite.error.status === 404;
  return (
    <GateFrame title={seed ? t("auth.invite.totpTitle") : t("auth.invite.title")}>
      {invite.isPending && <Skeleton rows={4} />}
      {gone && (
        <div className="note unknown">
          <span>
            <b className="strong">{t("auth.invite.gone")}</b> {t("auth.invite.goneHow")}{" "}
            <a className="t-accent strong" href="#/">
              {t("auth.signIn")}
            </a>
          </span>
        </div>
      )}
      {invite.isError && !gone && <ErrorNote error={invite.error} retry={() => void invite.refetch()} />}
      {invite.data && (
        <p className="faint small">
          {t("auth.invite.step", { n: seed ? 2 : 1 })} ·{" "}
          {invite.data.first ? t("auth.invite.first") : t("auth.invite.as", { role: t(`role.${invite.data.role}`) })}
        </p>
      )}
      {invite.data && !seed && <StepOne token={token} invite={invite.data} onSeed={setSeed} />}
      {seed && <StepTwo token={token} seed={seed} first={invite.data?.first ?? false} />}
    </GateFrame>
  );
}
