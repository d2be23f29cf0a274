/* SPDX-License-Identifier: Apache-2.0 */
import { Modal, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get, post, remove } from "../../api/client";
import type { Page, Place, Role, Token } from "../../api/types";
import { Btn } from "../../ui/Btn";
import { Confirm } from "../../ui/Confirm";
import { Once } from "../../ui/Once";
import { Empty, ErrorNote, Skeleton } from "../../ui/States";
import { Ago } from "../../ui/Time";
import { usePlaces } from "../../ui/Where";
import { toast } from "../../ui/toast";
import { Heads, ROLES, RoleFields } from "./RoleFields";

function Form({ onMade }: { onMade: (t: Token) => void }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("source");
  const [place, setPlace] = useState<Place | null>(null);
  const make = useMutation({
    mutationFn: () => post<Token>("/tokens", { name: name.trim(), role, ...place }),
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
      <RoleFields roles={["source", ...ROLES]} role={role} setRole={setRole} place={place} setPlace={setPlace} />
      {make.isError && <ErrorNote error={make.error} />}
      <div className="row">
        <Btn kind="primary" type="submit" busy={make.isPending}>
          {t("users.addToken")}
        </Btn>
      </div>
    </form>
  );
}

function Rows({ items, canWrite }: { items: Token[]; canWrite: boolean }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { many, nameOf } = usePlaces();
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
        {items.length > 0 && <Heads of={["name", "role", "by", "used"]} />}
        {items.map((x) => (
          <li key={x.id}>
            <b className="strong cut">{x.name}</b>
            <span className={many ? "two-line" : ""}>
              <span>{t(`role.${x.role}`)}</span>
              {many && <span className="faint small cut">{nameOf(x)}</span>}
            </span>
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
  const list = useQuery({ queryKey: ["tokens"], queryFn: () => get<Page<Token>>("/tokens") });
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
        {made ? (
          <Once
            title={t("users.tokenOnce", { name: made.name })}
            text={made.token ?? ""}
            help={t("users.tokenHelp")}
            close={shut}
            testId="token"
          />
        ) : (
          <Form onMade={setMade} />
        )}
      </Modal>
    </section>
  );
}
