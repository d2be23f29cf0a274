/* SPDX-License-Identifier: Apache-2.0 */
/* The units below our own and their sites: added, renamed and, while nothing belongs to them, removed here, assigned with sources, accounts and tokens. */
import { TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { patch, post, remove } from "../../api/client";
import { useUnits } from "../../api/hooks";
import type { Page, Unit } from "../../api/types";
import { may, useSession } from "../../app/session";
import { Btn } from "../../ui/Btn";
import { Confirm } from "../../ui/Confirm";
import { ErrorNote, Skeleton } from "../../ui/States";
import { places } from "../../ui/Where";
import "./units.css";

/* One name and its button; empty again once it was taken. */
function NameForm({ label, word, start, send }: NameFormProps): ReactElement {
  const [name, setName] = useState(start);
  const client = useQueryClient();
  const put = useMutation({
    mutationFn: () => send(name.trim().normalize("NFC")),
    onSuccess: () => {
      setName(start === "" ? "" : name);
      void client.invalidateQueries({ queryKey: ["units"] });
    },
  });
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    put.mutate();
  };
  return (
    <form className="name-form" onSubmit={submit}>
      <TextInput aria-label={label} placeholder={label} value={name} onChange={(e) => setName(e.currentTarget.value)} />
      <Btn small type="submit" busy={put.isPending} disabled={name.trim() === "" || name.trim() === start}>
        {word}
      </Btn>
      {put.isError && <ErrorNote error={put.error} />}
    </form>
  );
}
interface NameFormProps {
  label: string;
  word: string;
  start: string;
  send: (name: string) => Promise<unknown>;
}

/* Goes at once where nothing belongs to it; else the answer says what does. */
function Remove({ path, question }: { path: string; question: string }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const drop = useMutation({
    mutationFn: () => remove(path),
    onSuccess: () => client.invalidateQueries({ queryKey: ["units"] }),
  });
  return (
    <div className="unit-remove">
      <Confirm word={t("act.remove")} question={question} onYes={() => drop.mutate()} />
      {drop.isError && <ErrorNote error={drop.error} what={t("units.kept")} />}
    </div>
  );
}

const at = (path: string, id: string): string => `/${path}/${encodeURIComponent(id)}`;

function Sites({ u }: { u: Unit }): ReactElement {
  const { t } = useTranslation();
  return (
    <ul className="sites">
      {u.sites.map((s) => (
        <li key={s.id + s.name}>
          <NameForm
            label={t("units.siteName", { name: s.name })}
            word={t("units.rename")}
            start={s.name}
            send={(name) => patch(at("sites", s.id), { name })}
          />
          <Remove path={at("sites", s.id)} question={t("units.askRemove", { name: s.name })} />
        </li>
      ))}
      <li>
        <NameForm
          label={t("units.newSite", { name: u.name || t("units.own") })}
          word={t("units.add")}
          start=""
          send={(name) => post(`${at("units", u.id)}/sites`, { name })}
        />
      </li>
    </ul>
  );
}

function Row({ u, title }: { u: Unit; title: string }): ReactElement {
  const { t } = useTranslation();
  return (
    <li>
      <h3>{title}</h3>
      {!u.own && (
        <NameForm
          label={t("units.unitName", { name: u.name })}
          word={t("units.rename")}
          start={u.name}
          send={(name) => patch(at("units", u.id), { name })}
        />
      )}
      {!u.own && <Remove path={at("units", u.id)} question={t("units.askRemove", { name: u.name })} />}
      <Sites u={u} />
      <NameForm
        label={t("units.newUnit", { name: u.name || t("units.own") })}
        word={t("units.add")}
        start=""
        send={(name) => post("/units", { name, parent: u.id })}
      />
    </li>
  );
}

/* Who may only look sees the names. */
function Names({ units }: { units: Unit[] }): ReactElement {
  const { t } = useTranslation();
  return (
    <ul className="plain-list">
      {places(units, t("units.own")).map((p) => (
        <li key={p.value}>{p.label}</li>
      ))}
    </ul>
  );
}

function Tree({ page }: { page: Page<Unit> }): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const titles = new Map(places(page.items, t("units.own")).map((p) => [p.value, p.label]));
  const order = [...titles.keys()];
  const rank = (u: Unit): number => order.indexOf(`${u.id}/`);
  if (!may.admin(user.role) || user.site !== null) return <Names units={page.items} />;
  return (
    <ul className="units">
      {[...page.items]
        .sort((a, b) => rank(a) - rank(b))
        .map((u) => (
          <Row key={u.id + u.name} u={u} title={titles.get(`${u.id}/`) ?? u.name} />
        ))}
    </ul>
  );
}

export function Units(): ReactElement {
  const { t } = useTranslation();
  const units = useUnits();
  return (
    <section className="card box" aria-label={t("units.title")}>
      <div className="box-head">
        <h2>{t("units.title")}</h2>
      </div>
      <div className="box-body">
        <p className="muted small">{t("units.help")}</p>
        {units.isPending && <Skeleton rows={2} />}
        {units.isError && <ErrorNote error={units.error} retry={() => void units.refetch()} />}
        {units.data && <Tree page={units.data} />}
      </div>
    </section>
  );
}
