/* SPDX-License-Identifier: Apache-2.0 */
import { Menu } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { remove } from "../api/client";
import { go } from "../lib/route";
import { Icon } from "../ui/Icon";
import { Avatar } from "./Avatar";
import { useLangSwitch, useTheme } from "./choices";
import { useSession } from "./session";

export default function UserDropdown({ phone }: { phone: boolean }): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const client = useQueryClient();
  const switchTheme = useTheme();
  const switchTo = useLangSwitch();
  const signOut = (): void => {
    void remove("/session").finally(() => {
      client.clear();
      location.hash = "#/";
      location.reload();
    });
  };
  return (
    <Menu position="bottom-end" width={240} defaultOpened>
      <Menu.Target>
        <Avatar />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.display_name || user.name} · {t(`role.${user.role}`)}
        </Menu.Label>
        <Menu.Item leftSection={<Icon name="person" />} onClick={() => go(["account"])}>
          {t("title.account")}
        </Menu.Item>
        {phone && (
          <>
            <Menu.Item leftSection={<Icon name="globe" />} onClick={switchTo}>
              {t("shell.lang")}
            </Menu.Item>
            <Menu.Item leftSection={<Icon name="moon" />} onClick={switchTheme}>
              {t("shell.theme")}
            </Menu.Item>
          </>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="out" />} onClick={signOut}>
          {t("shell.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
