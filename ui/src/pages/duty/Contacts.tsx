/* SPDX-License-Identifier: Apache-2.0 */
/* How people are reached: every account, and people without one. */
import { TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, patch, post, remove } from "../../api/client";
import { useContacts } from "../../api/hooks";
import type { Reached } from "../../api/types";
import { Btn } from "../../ui/Btn";
import { Confirm } from "../../ui/Confirm";
import { ErrorNote, Skeleton } from "../../ui/States";
import { toast } from "../../ui/toast";

interface Draft {
  name: string;
  phone: string;
  email: string;
}

interface FieldsProps {
  start: Draft;
  who: string;
  named: boolean;
  word: string;
  send: (d: Draft) => Promise<unknown>;
}

function Fields({ start, who, named, word, send }: FieldsProps): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [d, set] = useState(start);
  const save = useMutation({
    mutationFn: () => send({ name: d.name.trim().normalize("NFC"), phone: d.phone.trim(), email: d.email.trim() }),
    onSuccess: () => {
      toast(t("duty.contactSaved", { name: d.name }));
      if (named) set(start);
      for (const key of ["contacts", "duty"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const errors = save.error instanceof ApiError ? save.error.errors : {};
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    save.mutate();
  };
  const text = (key: keyof Draft): Record<string, unknown> => ({
    value: d[key],
    placeholder: t(`duty.${key}`),
    "aria-label": `${t(`duty.${key}`)}: ${who}`,
    error: errors[key],
    onChange: (e: { currentTarget: { value: string } }) => set({ ...d, [key]: e.currentTarget.value }),
  });
  const same = d.name === start.name && d.phone === start.phone && d.email === start.email;
  return (
    <form className="reached-form" onSubmit={submit}>
      {named && <TextInput {...text("name")} />}
      <TextInput type="tel" classNames={{ input: "data" }} {...text("phone")} />
      <TextInput type="email" classNames={{ input: "data" }} {...text("email")} />
      <Btn small type="submit" busy={save.isPending} disabled={same || d.name.trim() === ""}>
        {word}
      </Btn>
      {save.isError && Object.keys(errors).length === 0 && <ErrorNote error={save.error} />}
    </form>
  );
}

function Row({ c, edits }: { c: Reached; edits: boolean }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const drop = useMutation({
    mutationFn: () => remove(`/contacts/${encodeURIComponent(c.id)}`),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["contacts"] }),
  });
  return (
    <li className="reached">
      <span className="two-line">
        <b className="strong cut">{c.name}</b>
        <span>{c.role ? t(`role.${c.role}`) : t("duty.outside")}</span>
      </span>
      {edits ? (
        <Fields
          start={{ name: c.name, phone: c.phone ?? "", email: c.email ?? "" }}
          who={c.name}
          named={false}
          word={t("act.save")}
          send={({ phone, email }) => patch(`/contacts/${encodeURIComponent(c.id)}`, { phone, email })}
        />
      ) : (
        <span className="data">{[c.phone, c.email].filter(Boolean).join(" · ") || "–"}</span>
      )}
      {edits && !c.user && (
        <Confirm word={t("act.remove")} question={t("duty.askContact")} onYes={() => drop.mutate()} />
      )}
      {drop.isError && <ErrorNote error={drop.error} />}
    </li>
  );
}

export function Contacts({ edits }: { edits: boolean }): ReactElement {
  const { t } = useTranslation();
  const list = useContacts(true);
  return (
    <section className="card box" aria-label={t("duty.contacts")}>
      <div className="box-head">
        <h2>{t("duty.contacts")}</h2>
      </div>
      <p className="pad-x small muted">{t("duty.contactsHelp")}</p>
      {list.isPending && <Skeleton rows={3} />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      <ul>
        {(list.data?.items ?? []).map((c) => (
          <Row key={`${c.id}${c.phone ?? ""}${c.email ?? ""}`} c={c} edits={edits} />
        ))}
        {edits && (
          <li className="reached">
            <span className="small muted">{t("duty.newContact")}</span>
            <Fields
              start={{ name: "", phone: "", email: "" }}
              who={t("duty.newContact")}
              named
              word={t("act.add")}
              send={(d) => post("/contacts", d)}
            />
          </li>
        )}
      </ul>
    </section>
  );
}
