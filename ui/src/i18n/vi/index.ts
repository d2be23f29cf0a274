/* SPDX-License-Identifier: Apache-2.0 */
import { account, holds, kinds, ledger, settings, units, users } from "./admin";
import { alerts } from "./alerts";
import { auth } from "./auth";
import { bell } from "./bell";
import { board } from "./board";
import { common } from "./common";
import { duty } from "./duty";
import { events } from "./events";
import { fact } from "./fact";
import { print, wall } from "./faces";
import { notices } from "./notices";
import { keys } from "./keys";
import { listGuide } from "./guide";
import { lists } from "./lists";
import { look } from "./look";
import { rules } from "./rules";
import { certificate, reload } from "./server";
import { setup } from "./setup";
import { sources } from "./sources";

export const vi = {
  ...common,
  auth,
  bell,
  board,
  alerts,
  duty,
  events,
  fact,
  notices,
  setup,
  sources,
  lists,
  listGuide,
  look,
  keys,
  rules,
  print,
  wall,
  holds,
  kinds,
  ledger,
  units,
  users,
  settings,
  certificate,
  reload,
  account,
};
