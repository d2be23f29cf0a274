/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo, useState } from "react";
import { usePaged } from "../../api/hooks";
import type { Alert, AlertPage, AlertState } from "../../api/types";
import { SECTIONS, toQuery, type Filter, type Section } from "./model";

const ALL: AlertState[] = ["new", "acknowledged", "verified_true", "verified_false", "handled"];

export interface Sections {
  sections: Section[];
  pending: boolean;
  error: unknown;
  retry: () => void;
  toggle: (state: AlertState) => void;
  /* asks for the next page of a section; nothing when all of it is here or on its way */
  more: (state: AlertState) => void;
}

function useOne(f: Filter, me: string, state: AlertState, on: boolean) {
  return usePaged<Alert, AlertPage>(["alerts", "list"], "/alerts", { ...toQuery(f, me, state), limit: 100 }, on);
}

/* One list a state. A tab asks only for its own; what the server counts is told of unfiltered sections. */
export function useSections(filter: Filter, me: string): Sections {
  const [closed, setClosed] = useState<Set<AlertState>>(new Set());
  const tab = filter.tab === "exceptions" ? "open" : filter.tab;
  const states = SECTIONS[tab];
  const on = (s: AlertState): boolean => filter.tab !== "exceptions" && states.includes(s) && !closed.has(s);
  const made = useOne(filter, me, "new", on("new"));
  const seen = useOne(filter, me, "acknowledged", on("acknowledged"));
  const right = useOne(filter, me, "verified_true", on("verified_true"));
  const wrong = useOne(filter, me, "verified_false", on("verified_false"));
  const done = useOne(filter, me, "handled", on("handled"));
  const lists = useMemo(() => [made, seen, right, wrong, done], [made, seen, right, wrong, done]);
  const plain = filter.q === "" && filter.severity.length === 0 && (tab === "open" || tab === "closed");
  const sections = useMemo(() => {
    const counts = lists.map((l) => l.first?.counts?.state).find(Boolean);
    return states.map((state): Section => {
      const list = lists[ALL.indexOf(state)];
      const open = !closed.has(state);
      return {
        state,
        /* what the stream has told of one goes before its section is read anew: it must not stand in two */
        alerts: list?.items.filter((a) => a.state === state) ?? [],
        total: plain ? (counts?.[state] ?? null) : null,
        more: list?.query.hasNextPage ?? false,
        open,
      };
    });
  }, [lists, states, closed, plain]);
  const asked = lists.filter((_, i) => on(ALL[i] as AlertState));
  return {
    sections,
    pending: asked.some((l) => l.query.isPending),
    error: asked.find((l) => l.query.isError)?.query.error ?? null,
    retry: () => asked.forEach((l) => void l.query.refetch()),
    toggle: (state) =>
      setClosed((old) => {
        const next = new Set(old);
        if (!next.delete(state)) next.add(state);
        return next;
      }),
    more: (state) => lists[ALL.indexOf(state)]?.more?.(),
  };
}
