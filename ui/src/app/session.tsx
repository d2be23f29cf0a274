/* SPDX-License-Identifier: Apache-2.0 */
import { createContext, useContext } from "react";
import type { Role, Session } from "../api/types";

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession outside a signed-in page");
  return session;
}

/* What a role may do; the server decides, this only keeps useless buttons off the page. */
export const may = {
  triage: (role: Role): boolean => role === "analyst" || role === "lead" || role === "admin",
  lead: (role: Role): boolean => role === "lead" || role === "admin",
  admin: (role: Role): boolean => role === "admin",
  /* what all units share: lists, rules, settings, attesting */
  share: (user: Session["user"], least: "triage" | "lead"): boolean => user.whole && may[least](user.role),
  setUp: (role: Role): boolean => role === "lead" || role === "admin" || role === "auditor",
  seeNotices: (role: Role): boolean => role !== "viewer",
  seeAdmin: (role: Role): boolean => role === "admin" || role === "auditor",
};
