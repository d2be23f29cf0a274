/* SPDX-License-Identifier: Apache-2.0 */
/* Every page of canh: its route, its sign, who may see it. Rail, tabs and command box are made from this table. */
import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import type { Role } from "../api/types";
import { BoardPage } from "../pages/board/BoardPage";
import type { IconName } from "../ui/Icon";

export interface PageRow {
  name: "board" | "alerts" | "events" | "sources" | "lists" | "rules" | "ledger" | "users" | "settings" | "account";
  icon: IconName;
  place: "rail" | "end" | "menu";
  phoneTab: boolean;
  sees: (role: Role) => boolean;
  page: ComponentType | LazyExoticComponent<ComponentType>;
}

const all = (): boolean => true;

export const PAGES: PageRow[] = [
  { name: "board", icon: "board", place: "rail", phoneTab: true, sees: all, page: BoardPage },
  {
    name: "alerts",
    icon: "bell",
    place: "rail",
    phoneTab: true,
    sees: all,
    page: lazy(() => import("../pages/alerts/AlertsPage")),
  },
];
