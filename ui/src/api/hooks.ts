/* SPDX-License-Identifier: Apache-2.0 */
/* Questions that more than one page asks; the query keys stand here so that the live stream knows them. */
import { useInfiniteQuery, useQuery, type UseInfiniteQueryResult, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { tellServerTime } from "../lib/now";
import { get, type Query } from "./client";
import type {
  AlertPage,
  AsideDetail,
  AsideRecord,
  Board,
  ControlPage,
  DirectiveHistory,
  Doors,
  Duty,
  DutyNow,
  Exercises,
  Health,
  Notice,
  Notify,
  Page,
  Reached,
  SetupStep,
  Snippet,
  Source,
  Unit,
  User,
} from "./types";

export async function boardNow(): Promise<Board> {
  const board = await get<Board>("/board");
  tellServerTime(board.at);
  return board;
}

export const useBoard = (): UseQueryResult<Board> =>
  useQuery({ queryKey: ["board"], queryFn: boardNow, refetchInterval: 30_000 });

/* Seven days of every measure; what it shows moves by four hours, so it need not be asked for often. */
export const useHistory = (directive: string, from: number): UseQueryResult<DirectiveHistory> =>
  useQuery({
    queryKey: ["history", directive, from],
    queryFn: () =>
      get<DirectiveHistory>(`/directives/${encodeURIComponent(directive)}/history`, {
        from: new Date(from).toISOString(),
      }),
    enabled: directive !== "",
    refetchInterval: 120_000,
  });

export const useHealth = (): UseQueryResult<Health> =>
  useQuery({ queryKey: ["health"], queryFn: () => get<Health>("/health"), refetchInterval: 30_000 });

export const useSources = (): UseQueryResult<Page<Source>> =>
  useQuery({
    queryKey: ["sources"],
    queryFn: () => get<Page<Source>>("/sources"),
    refetchInterval: 10_000,
  });

export const setupNow = (): Promise<Page<SetupStep>> => get<Page<SetupStep>>("/setup");
export const useSetup = (): UseQueryResult<Page<SetupStep>> =>
  useQuery({ queryKey: ["setup"], queryFn: setupNow, refetchInterval: 15_000 });

export const useSnippets = (): UseQueryResult<Page<Snippet>> =>
  useQuery({ queryKey: ["snippets"], queryFn: () => get<Page<Snippet>>("/snippets"), staleTime: Infinity });

export const useDoors = (): UseQueryResult<Doors> =>
  useQuery({ queryKey: ["doors"], queryFn: () => get<Doors>("/doors"), refetchInterval: 2000 });

export const useDuty = (): UseQueryResult<Duty> =>
  useQuery({ queryKey: ["duty", "roster"], queryFn: () => get<Duty>("/duty"), refetchInterval: 60_000 });

export const useDutyNow = (): UseQueryResult<DutyNow> =>
  useQuery({ queryKey: ["duty", "now"], queryFn: () => get<DutyNow>("/duty/now"), refetchInterval: 30_000 });

export const useContacts = (enabled: boolean): UseQueryResult<Page<Reached>> =>
  useQuery({ queryKey: ["contacts"], queryFn: () => get<Page<Reached>>("/contacts"), enabled });

export const useNotify = (enabled = true): UseQueryResult<Notify> =>
  useQuery({ queryKey: ["notify"], queryFn: () => get<Notify>("/notify"), enabled });

/* One that is on its way is asked for until it has come or was given up. */
export const useNotice = (id: string): UseQueryResult<Notice> =>
  useQuery({
    queryKey: ["notices", "one", id],
    queryFn: () => get<Notice>(`/notices/${encodeURIComponent(id)}`),
    refetchInterval: (q) => (q.state.data && ["waiting", "sending"].includes(q.state.data.state) ? 1000 : false),
  });

export const useAside = (): UseQueryResult<Page<AsideRecord>> =>
  useQuery({ queryKey: ["aside"], queryFn: () => get<Page<AsideRecord>>("/aside"), refetchInterval: 15_000 });

export const useAsideOne = (id: string): UseQueryResult<AsideDetail> =>
  useQuery({
    queryKey: ["aside", id],
    queryFn: () => get<AsideDetail>(`/aside/${encodeURIComponent(id)}`),
    staleTime: Infinity,
  });

export const useControls = (): UseQueryResult<ControlPage> =>
  useQuery({ queryKey: ["controls"], queryFn: () => get<ControlPage>("/controls"), refetchInterval: 10_000 });

/* While one runs it is asked for often: it takes some seconds. */
export const useExercises = (): UseQueryResult<Exercises> =>
  useQuery({
    queryKey: ["exercises"],
    queryFn: () => get<Exercises>("/exercises"),
    refetchInterval: (q) => (q.state.data?.running ? 1000 : 30_000),
  });

export const useAlertCounts = (): UseQueryResult<AlertPage> =>
  useQuery({
    queryKey: ["alerts", "counts"],
    queryFn: () => get<AlertPage>("/alerts", { limit: 1 }),
    refetchInterval: 60_000,
  });

export const useUsers = (enabled: boolean): UseQueryResult<Page<User>> =>
  useQuery({ queryKey: ["users"], queryFn: () => get<Page<User>>("/users"), enabled });

export const useUnits = (): UseQueryResult<Page<Unit>> =>
  useQuery({ queryKey: ["units"], queryFn: () => get<Page<Unit>>("/units"), staleTime: 60_000 });

export interface Paged<P, T> {
  query: UseInfiniteQueryResult<{ pages: P[]; pageParams: unknown[] }>;
  items: T[];
  first: P | undefined;
  more: (() => void) | undefined;
}

/* The query of a list that comes whole: it takes no limit. */
export const WHOLE: Query = { limit: null };

/* A list with a cursor, read page by page as the reader scrolls. */
export function usePaged<T, P extends Page<T> = Page<T>>(
  key: unknown[],
  path: string,
  query: Query,
  enabled = true,
): Paged<P, T> {
  const q = useInfiniteQuery({
    queryKey: [...key, query],
    queryFn: ({ pageParam, signal }) => get<P>(path, { limit: 200, ...query, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (last: P) => last.next ?? undefined,
    placeholderData: (old) => old,
    enabled,
  });
  const items = useMemo(() => q.data?.pages.flatMap((p) => p.items) ?? [], [q.data]);
  const more = q.hasNextPage && !q.isFetching ? () => void q.fetchNextPage() : undefined;
  /* A page that ran out of time may hold nothing, though there is more: nobody could scroll to its end. */
  const empty = q.data?.pages.at(-1)?.items.length === 0;
  useEffect(() => {
    if (empty && more) more();
  });
  return { query: q, items, first: q.data?.pages[0], more };
}
