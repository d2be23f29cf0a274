/* SPDX-License-Identifier: Apache-2.0 */
import { Modal, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get, post, remove } from "../../api/client";
import type { Page, Role, Token } from "../../api/types";
import { Btn } from "../../ui/Btn";
import { Confirm } from "../../ui/Confirm";
import { Copy } from "../../ui/Copy";
import { Empty, ErrorNote, Skeleton } from "../../ui/States";
import { Ago } from "../../ui/Time";
import { toast } from "../../ui/toast";
import { ROLES } from "./UserRows";

function Form({ onMade }: { onMade: (t: Token) => void }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("source");
  const make = useMutation({
    mutationFn: () => post<Token>("/tokens", { name: name.trim(), role }),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ["tokens"] });
      onMade(made);
    },
  });
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    make.mutate();
  };
  return (
    <form className="form" onSubmit={submit}>
      <TextInput
        label={t("users.col.name")}
        placeholder="winlogbeat-dc01"
        data-autofocus
        required
        withAsterisk={false}
        value={name}
        onChange={(e) => setName(e.currentTarget.value)}
      />
      <Select
        label={t("users.role")}
        description={t(`users.roleHelp.${role}`)}
        inputWrapperOrder={["label", "input", "description", "error"]}
        allowDeselect={false}
        value={role}
        data={(["source", ...ROLES] as Role[]).map((r) => ({ value: r, label: t(`role.${r}`) }))}
        onChange={(v) => setRole((v ?? "source") as Role)}
      />
      {make.isError && <ErrorNote error={make.error} />}
      <div className="row">
        <Btn kind="primary" type="submit" busy={make.isPending}>
          {t("users.addToken")}
        </Btn>
      </div>
    </form>
  );
}

function Once({ made, close }: { made: Token; close: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="form">
      <p className="strong">{t("users.tokenOnce", { name: made.name })}</p>
      <div className="once">
        <code className="data" data-testid="token">
          {made.token}
        </code>
        <Copy text={made.token ?? ""} />
      </div>
      <p className="muted small">{t("users.tokenHelp")}</p>
      <div className="row">
        <Btn kind="primary" onClick={close}>
          {t("users.done")}
        </Btn>
      </div>
    </div>
  );
}

function Rows({ items, canWrite }: { items: Token[]; canWrite: boolean }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const drop = useMutation({
    mutationFn: (x: Token) => remove(`/tokens/${encodeURIComponent(x.id)}`),
    onSuccess: (_, x) => {
      toast(t("users.dropped", { name: x.name }));
      void client.invalidateQueries({ queryKey: ["tokens"] });
    },
  });
  return (
    <>
      {drop.isError && <ErrorNote error={drop.error} />}
      <ul className="rows-5">
        {items.map((x) => (
          <li key={x.id}>
            <b className="data strong cut">{x.name}</b>
            <span>{t(`role.${x.role}`)}</span>
            <span className="faint small cut">{x.created_by}</span>
            <span className="faint small">{x.last_used ? <Ago at={x.last_used} /> : t("users.never")}</span>
            <span className="right">
              {canWrite && (
                <Confirm word={t("act.remove")} question={t("users.askDrop")} onYes={() => drop.mutate(x)} />
              )}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

export function Tokens({ canWrite }: { canWrite: boolean }): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<Token | null>(null);
  const list = useQuery({ queryKey: ["tokens"], queryFn: () => get<Page<Token>>("/tokens", { limit: 1000 }) });
  const shut = (): void => {
    setMade(null);
    setOpen(false);
  };
  return (
    <section className="card box" aria-label={t("users.tokens")}>
      <div className="box-head">
        <h2>{t("users.tokens")}</h2>
        {canWrite && (
          <Btn icon="plus" onClick={() => setOpen(true)}>
            {t("users.addToken")}
          </Btn>
        )}
      </div>
      {list.isPending && <Skeleton rows={2} />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && <Empty title={t("users.noTokens")} />}
      {list.data && <Rows items={list.data.items} canWrite={canWrite} />}
      <Modal
        opened={open}
        onClose={shut}
        title={<b className="strong">{t("users.addToken")}</b>}
        closeButtonProps={{ "aria-label": t("act.close") }}
      >
        {made ? <Once made={made} close={shut} /> : <Form onMade={setMade} />}
      </Modal>
    </section>
  );
}
