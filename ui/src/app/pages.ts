/* SPDX-License-Identifier: Apache-2.0 */
/* Every page of canh: its route, its sign, who may see it. Rail, tabs and command box are made from this table. */
import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import type { Role } from "../api/types";
import type { IconName } from "../ui/Icon";
import { may } from "./session";

export interface PageRow {
  name:
    | "board"
    | "alerts"
    | "events"
    | "look"
    | "sources"
    | "lists"
    | "rules"
    | "ledger"
    | "users"
    | "settings"
    | "account"
    | "setup"
    | "duty"
    | "notices";
  icon: IconName;
  place: "rail" | "end" | "menu";
  phoneTab: boolean;
  sees: (role: Role) => boolean;
  page: ComponentType | LazyExoticComponent<ComponentType>;
}

const all = (): boolean => true;

export const PAGES: PageRow[] = [
  {
    name: "board",
    icon: "board",
    place: "rail",
    phoneTab: true,
    sees: all,
    page: lazy(() => import("../pages/board/BoardPage")),
  },
  {
    name: "alerts",
    icon: "bell",
    place: "rail",
    phoneTab: true,
    sees: all,
    page: lazy(() => import("../pages/alerts/AlertsPage")),
  },
  {
    name: "duty",
    icon: "clock",
    place: "rail",
    phoneTab: false,
    sees: all,
    page: lazy(() => import("../pages/duty/DutyPage")),
  },
  {
    name: "events",
    icon: "search",
    place: "rail",
    phoneTab: true,
    sees: all,
    page: lazy(() => import("../pages/events/EventsPage")),
  },
  {
    name: "look",
    icon: "upload",
    place: "rail",
    phoneTab: false,
    sees: may.triage,
    page: lazy(() => import("../pages/look/LookPage")),
  },
  {
    name: "sources",
    icon: "sources",
    place: "rail",
    phoneTab: true,
    sees: all,
    page: lazy(() => import("../pages/sources/SourcesPage")),
  },
  {
    name: "lists",
    icon: "lists",
    place: "rail",
    phoneTab: false,
    sees: all,
    page: lazy(() => import("../pages/lists/ListsPage")),
  },
  {
    name: "rules",
    icon: "rules",
    place: "rail",
    phoneTab: false,
    sees: all,
    page: lazy(() => import("../pages/rules/RulesPage")),
  },
  {
    name: "ledger",
    icon: "ledger",
    place: "rail",
    phoneTab: false,
    sees: all,
    page: lazy(() => import("../pages/ledger/LedgerPage")),
  },
  {
    name: "notices",
    icon: "send",
    place: "end",
    phoneTab: false,
    sees: may.seeNotices,
    page: lazy(() => import("../pages/notices/NoticesPage")),
  },
  {
    name: "users",
    icon: "users",
    place: "end",
    phoneTab: false,
    sees: may.seeAdmin,
    page: lazy(() => import("../pages/users/UsersPage")),
  },
  {
    name: "settings",
    icon: "gear",
    place: "end",
    phoneTab: false,
    sees: (role) => may.seeAdmin(role) || may.lead(role),
    page: lazy(() => import("../pages/settings/SettingsPage")),
  },
  {
    name: "setup",
    icon: "check",
    place: "menu",
    phoneTab: false,
    sees: may.setUp,
    page: lazy(() => import("../pages/setup/SetupPage")),
  },
  {
    name: "account",
    icon: "person",
    place: "menu",
    phoneTab: false,
    sees: all,
    page: lazy(() => import("../pages/sessions/AccountPage")),
  },
];
