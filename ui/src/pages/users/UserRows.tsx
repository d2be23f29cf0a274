/* SPDX-License-Identifier: Apache-2.0 */
import { Select } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { patch, post } from "../../api/client";
import type { Role, User } from "../../api/types";
import { Btn } from "../../ui/Btn";
import { Confirm } from "../../ui/Confirm";
import { Mark } from "../../ui/Mark";
import { ErrorNote } from "../../ui/States";
import { Ago } from "../../ui/Time";
import { usePlaces, Where } from "../../ui/Where";
import { toast } from "../../ui/toast";
import { Heads, ROLES } from "./RoleFields";

function State({ u }: { u: User }): ReactElement {
  const { t } = useTranslation();
  if (u.disabled) return <Mark state="na" word={t("users.disabled")} />;
  if (!u.totp) return <Mark state="unknown" word={t("users.invited")} />;
  return <Mark state="met" word={t("users.active")} />;
}

type Change = (part: Partial<User>) => void;

function RoleAndPlace({ u, canWrite, onChange }: { u: User; canWrite: boolean; onChange: Change }): ReactElement {
  const { t } = useTranslation();
  const { many, nameOf } = usePlaces();
  const who = u.display_name || u.name;
  if (!canWrite)
    return (
      <span className={many ? "two-line" : ""}>
        <span>{t(`role.${u.role}`)}</span>
        {many && <span className="faint small cut">{nameOf(u)}</span>}
      </span>
    );
  return (
    <span className="stack">
      <Select
        aria-label={`${t("users.role")}: ${who}`}
        allowDeselect={false}
        value={u.role}
        data={ROLES.map((r) => ({ value: r, label: t(`role.${r}`) }))}
        onChange={(v) => v && v !== u.role && onChange({ role: v as Role })}
      />
      <Where bare label={`${t("users.where")}: ${who}`} value={u} onChange={(p) => onChange(p)} />
    </span>
  );
}

interface RowProps {
  u: User;
  canWrite: boolean;
  self: boolean;
  onChange: Change;
  onInvite: () => void;
}

function Row({ u, canWrite, self, onChange, onInvite }: RowProps): ReactElement {
  const { t } = useTranslation();
  return (
    <li>
      <span className="two-line">
        <b className="strong cut">{u.display_name || u.name}</b>
        <span className="data cut">{u.name}</span>
      </span>
      <RoleAndPlace u={u} canWrite={canWrite && !self} onChange={onChange} />
      <State u={u} />
      <span className="faint small">{u.last_seen ? <Ago at={u.last_seen} /> : t("users.never")}</span>
      <span className="right row">
        {canWrite && !u.totp && !u.disabled && (
          <Btn small onClick={onInvite}>
            {t("users.invite")}
          </Btn>
        )}
        {canWrite &&
          !self &&
          (u.disabled ? (
            <Btn small onClick={() => onChange({ disabled: false })}>
              {t("users.enable")}
            </Btn>
          ) : (
            <Confirm
              word={t("users.disable")}
              question={t("users.askDisable")}
              onYes={() => onChange({ disabled: true })}
            />
          ))}
      </span>
    </li>
  );
}

interface UserRowsProps {
  users: User[];
  canWrite: boolean;
  me: string;
  onInvited: (made: { user: User; link: string }) => void;
}

export function UserRows({ users, canWrite, me, onInvited }: UserRowsProps): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (x: { u: User; part: Partial<User> }) => patch<User>(`/users/${encodeURIComponent(x.u.id)}`, x.part),
    onSuccess: (_, x) => toast(t("users.saved", { name: x.u.display_name || x.u.name })),
    onSettled: () => client.invalidateQueries({ queryKey: ["users"] }),
  });
  const invite = useMutation({
    mutationFn: (u: User) => post<{ link: string }>(`/users/${encodeURIComponent(u.id)}/invite`),
    onSuccess: (made, u) => onInvited({ user: u, link: made.link }),
  });
  return (
    <>
      {invite.isError && <ErrorNote error={invite.error} />}
      {save.isError && <ErrorNote error={save.error} />}
      <ul className="rows-5">
        <Heads of={["name", "role", "state", "seen"]} />
        {users.map((u) => (
          <Row
            key={u.id}
            u={u}
            canWrite={canWrite}
            self={u.id === me}
            onChange={(part) => save.mutate({ u, part })}
            onInvite={() => invite.mutate(u)}
          />
        ))}
      </ul>
    </>
  );
}
