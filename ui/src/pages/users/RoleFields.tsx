/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody, or a machine, may do and where: the same for accounts and tokens. */
import { Select } from "@mantine/core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Place, Role } from "../../api/types";
import { Where } from "../../ui/Where";

export const ROLES: Role[] = ["viewer", "analyst", "lead", "auditor", "admin"];

interface RoleFieldsProps {
  roles: Role[];
  role: Role;
  setRole: (r: Role) => void;
  place: Place | null;
  setPlace: (p: Place) => void;
  error?: string | undefined;
}

export function RoleFields({ roles, role, setRole, place, setPlace, error }: RoleFieldsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <Select
        label={t("users.role")}
        description={t(`users.roleHelp.${role}`)}
        inputWrapperOrder={["label", "input", "description", "error"]}
        allowDeselect={false}
        value={role}
        data={roles.map((r) => ({ value: r, label: t(`role.${r}`) }))}
        onChange={(v) => setRole((v ?? role) as Role)}
      />
      <Where
        label={t("users.where")}
        description={t("users.whereHelp")}
        value={place}
        error={error}
        onChange={setPlace}
      />
    </>
  );
}

/* The names of the columns; on a phone rows fold and need none. */
export function Heads({ of }: { of: ("name" | "role" | "state" | "seen" | "by" | "used")[] }): ReactElement {
  const { t } = useTranslation();
  return (
    <li className="heads" aria-hidden="true">
      {of.map((c) => (
        <span key={c}>{t(`users.col.${c}`)}</span>
      ))}
    </li>
  );
}
