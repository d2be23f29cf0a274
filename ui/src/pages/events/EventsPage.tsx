/* SPDX-License-Identifier: Apache-2.0 */
/* Search the events: the question stands in the address, so that it can be sent to a colleague. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { usePaged } from "../../api/hooks";
import { listen } from "../../api/stream";
import type { EventPage, Histogram as HistogramData, LogEvent } from "../../api/types";
import { readSoFar } from "../../lib/coverage";
import { num } from "../../lib/format";
import { words } from "../../lib/query";
import { go, useRoute } from "../../lib/route";
import { Btn } from "../../ui/Btn";
import { ErrorNote, Skeleton } from "../../ui/States";
import { usePhone } from "../../ui/phone";
import { AskBar } from "./AskBar";
import { Cover, NoEvents } from "./Cover";
import { EventPanel } from "./EventPanel";
import "./events.css";
import { Facets } from "./Facets";
import { Histogram } from "./Histogram";
import { readRange } from "./range";
import { Rows } from "./Rows";

/* How many events were stored since the question was asked. */
function useFresh(asked: number): number {
  const [fresh, setFresh] = useState(0);
  useEffect(() => {
    const base = new Map<string, number>();
    const last = new Map<string, number>();
    setFresh(0);
    return listen((e) => {
      if (e.kind !== "stored") return;
      const now = (e.data as { sources?: Record<string, { stored: number }> } | null)?.sources ?? {};
      for (const [id, s] of Object.entries(now)) {
        if (!base.has(id)) base.set(id, s.stored);
        last.set(id, s.stored);
      }
      let sum = 0;
      for (const [id, n] of last) sum += Math.max(0, n - (base.get(id) ?? n));
      setFresh(sum);
    });
  }, [asked]);
  return fresh;
}

export default function EventsPage(): ReactElement {
  const { t } = useTranslation();
  const { query, path } = useRoute();
  const phone = usePhone();
  const [asked, setAsked] = useState(() => Date.now());
  const q = query.get("q") ?? "";
  const range = readRange(query, asked);
  const found = { q: q.normalize("NFC"), from: range.from, to: range.to };
  const list = usePaged<LogEvent, EventPage>(["events", "list"], "/events", { ...found, order: "time" });
  const hist = useQuery({
    queryKey: ["events", "histogram", found],
    queryFn: ({ signal }) => get<HistogramData>("/events/histogram", { ...found, buckets: phone ? 60 : 144 }, signal),
    placeholderData: (old) => old,
  });
  const fresh = useFresh(asked);
  const selected = path[1] ?? null;
  const move = (next: Record<string, string | null>): void => {
    const all = { ...Object.fromEntries(query), ...next };
    setAsked(Date.now());
    go(["events"], all);
  };
  const filter = (text: string): void => move({ q: text });
  const pick = (id: string | null): void =>
    go(id ? ["events", id] : ["events"], Object.fromEntries(query), selected !== null && id !== null);
  const open = list.items.find((e) => e.id === selected);
  const coverage = readSoFar(list.query.data?.pages);
  return (
    <div className={selected ? "events picked" : "events"}>
      <AskBar q={q} range={range} onAsk={move} loaded={list.items.length} busy={list.query.isFetching} />
      <Histogram data={hist.data} error={hist.error} onRange={(from, to) => move({ from, to, range: null })} />
      <Facets rows={list.items} q={q} onFilter={filter} />
      <section className="rows">
        {fresh > 0 && !range.to && (
          <Btn small className="fresh" onClick={() => setAsked(Date.now())}>
            {t("events.fresh", { n: num(fresh) })}
          </Btn>
        )}
        {(list.query.isPending || (list.items.length === 0 && list.query.hasNextPage)) && (
          <Skeleton rows={16} height={26} />
        )}
        {list.query.isError && (
          <ErrorNote error={list.query.error} what={t("error.load")} retry={() => void list.query.refetch()} />
        )}
        {list.query.data && list.items.length === 0 && !list.query.hasNextPage && (
          <NoEvents q={q} coverage={coverage} />
        )}
        {list.items.length > 0 && (
          <Rows rows={list.items} words={words(q)} selected={selected} onPick={pick} more={list.more} />
        )}
        <Cover coverage={coverage} more={list.query.hasNextPage} />
      </section>
      {selected && (
        <EventPanel
          key={selected}
          id={selected}
          known={open}
          q={q}
          onFilter={filter}
          onClose={() => pick(null)}
          onMove={move}
        />
      )}
    </div>
  );
}
