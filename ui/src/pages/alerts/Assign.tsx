/* SPDX-License-Identifier: Apache-2.0 */
import { Menu } from "@mantine/core";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useUsers } from "../../api/hooks";
import type { Alert } from "../../api/types";
import { may, useSession } from "../../app/session";
import { Icon } from "../../ui/Icon";
import type { Triage } from "./useTriage";

export function Assign({ a, triage }: { a: Alert; triage: Triage }): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const [open, setOpen] = useState(false);
  const users = useUsers(open && may.seeAdmin(user.role));
  const who = a.assignee?.name ?? t("alerts.nobody");
  if (!may.triage(user.role)) return <span>{who}</span>;
  const others = (users.data?.items ?? []).filter((u) => !u.disabled && u.id !== user.id && may.triage(u.role));
  return (
    <Menu opened={open} onChange={setOpen} position="bottom-start" width={220}>
      <Menu.Target>
        <button type="button" className="chip" aria-label={`${t("alerts.assign")}: ${who}`}>
          <Icon name="person" />
          {who}
          <Icon name="down" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {a.assignee?.id !== user.id && (
          <Menu.Item
            onClick={() => triage.assign(a, { id: user.id, name: user.display_name || user.name })}
            rightSection={<kbd>M</kbd>}
          >
            {t("alerts.assignMe")}
          </Menu.Item>
        )}
        {others.map((u) => (
          <Menu.Item key={u.id} onClick={() => triage.assign(a, { id: u.id, name: u.display_name || u.name })}>
            {u.display_name || u.name}
          </Menu.Item>
        ))}
        {a.assignee && <Menu.Item onClick={() => triage.assign(a, null)}>{t("alerts.assignNone")}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
