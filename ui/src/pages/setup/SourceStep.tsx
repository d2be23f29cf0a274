/* SPDX-License-Identifier: Apache-2.0 */
/* Senders, one after the other: what to paste, whether it comes, and what is wrong when it does not. */
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useControls, useDoors, useSnippets, useSources } from "../../api/hooks";
import type { Doors, Snippet, Source } from "../../api/types";
import { both } from "../../i18n/lang";
import { num } from "../../lib/format";
import { ErrorNote, Skeleton } from "../../ui/States";
import { Live } from "./Live";
import { firstWay, senders, sum, type Wanted } from "./model";
import { Paste, type Made } from "./Paste";

/* What was typed and made for each sender lives as long as the page: a token is shown once. */
interface Kept {
  way: number;
  device: string;
  made: Made | null;
}
const FRESH: Omit<Kept, "way"> = { device: "", made: null };

function wanted(snippet: Snippet, kept: Kept): Wanted | null {
  const way = snippet.ways[kept.way] ?? snippet.ways[0];
  return way ? { snippet, way, device: kept.device.trim(), tokenId: kept.made?.id ?? "" } : null;
}

/* Through whichever way it came. */
function receivedOf(snippet: Snippet, kept: Omit<Kept, "way">, sources: Source[]): number {
  const ids = new Set<string>();
  const own: Source[] = [];
  for (const way of snippet.ways)
    for (const s of senders(sources, { snippet, way, device: kept.device.trim(), tokenId: kept.made?.id ?? "" }))
      if (!ids.has(s.id)) {
        ids.add(s.id);
        own.push(s);
      }
  return sum(own).stored;
}

interface PickProps {
  all: Snippet[];
  sources: Source[];
  kept: Record<string, Kept>;
  chosen: string;
  choose: (id: string) => void;
}

function Pick({ all, sources, kept, chosen, choose }: PickProps): ReactElement {
  const { t } = useTranslation();
  return (
    <ul className="setup-pick">
      {all.map((x) => {
        const n = receivedOf(x, kept[x.id] ?? FRESH, sources);
        return (
          <li key={x.id}>
            <button type="button" aria-pressed={x.id === chosen} onClick={() => choose(x.id)}>
              <i className={n > 0 ? "led on" : "led"} aria-hidden="true" />
              <span className="grow left">{both(x.title)}</span>
              <span className={n > 0 ? "num small" : "small faint"}>{n > 0 ? num(n) : t("setup.notYet")}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

interface BodyProps {
  all: Snippet[];
  doors: Doors;
  sources: Source[];
}

function Body({ all, doors, sources }: BodyProps): ReactElement | null {
  const controls = useControls();
  const [chosen, choose] = useState(all[0]?.id ?? "");
  const [kept, keep] = useState<Record<string, Kept>>({});
  const snippet = all.find((x) => x.id === chosen);
  const mine = kept[chosen] ?? { ...FRESH, way: snippet ? firstWay(doors, snippet) : 0 };
  const want = snippet ? wanted(snippet, mine) : null;
  const set = (part: Partial<Kept>): void => keep({ ...kept, [chosen]: { ...mine, ...part } });
  if (!snippet || !want) return null;
  return (
    <div className="setup-sources">
      <Pick all={all} sources={sources} kept={kept} chosen={chosen} choose={choose} />
      <div className="setup-one" key={`${chosen}-${mine.way}`}>
        <Paste
          want={want}
          at={mine.way}
          doors={doors}
          made={mine.made}
          device={mine.device}
          onWay={(way) => set({ way })}
          onDevice={(device) => set({ device })}
          onMade={(made) => set({ made })}
        />
        <Live want={want} doors={doors} controls={controls.data?.items ?? []} own={senders(sources, want)} />
      </div>
    </div>
  );
}

export function SourceStep(): ReactElement {
  const snippets = useSnippets();
  const doors = useDoors();
  const sources = useSources();
  const bad = [snippets, doors, sources].find((q) => q.isError);
  if (bad) return <ErrorNote error={bad.error} retry={() => void bad.refetch()} />;
  /* the server serves this page: without a door it has not told them yet */
  if (!snippets.data || !doors.data?.items.length || !sources.data) return <Skeleton rows={8} />;
  return <Body all={snippets.data.items} doors={doors.data} sources={sources.data.items} />;
}
