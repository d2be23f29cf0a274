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
  page: LazyExoticComponent<ComponentType>;
  /* brings the page before it is shown */
  load: Load;
}

type Load = () => Promise<unknown>;

/* What was brought already is there at once: a promise, even a kept one, would show the page's place first, and React
   lets a place that it has shown stand for a third of a second. */
const at = <T>(value: T): Promise<T> =>
  ({ then: (done: (v: T) => void) => done(value) }) as unknown as Promise<T>; /* all that lazy() asks of it */

export function later(load: () => Promise<{ default: ComponentType }>): Pick<PageRow, "page" | "load"> {
  let got: { default: ComponentType } | undefined;
  const bring = async (): Promise<{ default: ComponentType }> => (got = await load());
  return { page: lazy(() => (got ? at(got) : bring())), load: bring };
}

const all = (): boolean => true;

export const PAGES: PageRow[] = [
  {
    name: "board",
    icon: "board",
    place: "rail",
    phoneTab: true,
    sees: all,
    ...later(() => import("../pages/board/BoardPage")),
  },
  {
    name: "alerts",
    icon: "bell",
    place: "rail",
    phoneTab: true,
    sees: all,
    ...later(() => import("../pages/alerts/AlertsPage")),
  },
  {
    name: "duty",
    icon: "clock",
    place: "rail",
    phoneTab: false,
    sees: all,
    ...later(() => import("../pages/duty/DutyPage")),
  },
  {
    name: "events",
    icon: "search",
    place: "rail",
    phoneTab: true,
    sees: all,
    ...later(() => import("../pages/events/EventsPage")),
  },
  {
    name: "look",
    icon: "upload",
    place: "rail",
    phoneTab: false,
    sees: may.triage,
    ...later(() => import("../pages/look/LookPage")),
  },
  {
    name: "sources",
    icon: "sources",
    place: "rail",
    phoneTab: true,
    sees: all,
    ...later(() => import("../pages/sources/SourcesPage")),
  },
  {
    name: "lists",
    icon: "lists",
    place: "rail",
    phoneTab: false,
    sees: all,
    ...later(() => import("../pages/lists/ListsPage")),
  },
  {
    name: "rules",
    icon: "rules",
    place: "rail",
    phoneTab: false,
    sees: all,
    ...later(() => import("../pages/rules/RulesPage")),
  },
  {
    name: "ledger",
    icon: "ledger",
    place: "rail",
    phoneTab: false,
    sees: all,
    ...later(() => import("../pages/ledger/LedgerPage")),
  },
  {
    name: "notices",
    icon: "send",
    place: "end",
    phoneTab: false,
    sees: may.seeNotices,
    ...later(() => import("../pages/notices/NoticesPage")),
  },
  {
    name: "users",
    icon: "users",
    place: "end",
    phoneTab: false,
    sees: may.seeAdmin,
    ...later(() => import("../pages/users/UsersPage")),
  },
  {
    name: "settings",
    icon: "gear",
    place: "end",
    phoneTab: false,
    sees: (role) => may.seeAdmin(role) || may.lead(role),
    ...later(() => import("../pages/settings/SettingsPage")),
  },
  {
    name: "setup",
    icon: "check",
    place: "menu",
    phoneTab: false,
    sees: may.setUp,
    ...later(() => import("../pages/setup/SetupPage")),
  },
  {
    name: "account",
    icon: "person",
    place: "menu",
    phoneTab: false,
    sees: all,
    ...later(() => import("../pages/sessions/AccountPage")),
  },
];

/* The wall has no frame. */
export const WALL = later(() => import("../pages/board/wall/WallPage"));
