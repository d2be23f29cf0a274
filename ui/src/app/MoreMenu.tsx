/* SPDX-License-Identifier: Apache-2.0 */
/* The pages that have no tab of their own on a phone. */
import { Menu } from "@mantine/core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { go } from "../lib/route";
import { Icon } from "../ui/Icon";
import { MoreTab } from "./MoreTab";
import type { PageRow } from "./pages";

export default function MoreMenu({ rows, current }: { rows: PageRow[]; current: boolean }): ReactElement {
  const { t } = useTranslation();
  return (
    <Menu position="top-end" width={220} defaultOpened>
      <Menu.Target>
        <MoreTab current={current} />
      </Menu.Target>
      <Menu.Dropdown>
        {rows.map((r) => (
          <Menu.Item key={r.name} leftSection={<Icon name={r.icon} />} onClick={() => go([r.name])}>
            {t(`nav.${r.name}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
