/* SPDX-License-Identifier: Apache-2.0 */
/* What comes from the sender at hand, as it comes; and when nothing does, what the counters say is wrong. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import type { Control, Doors, EventPage, Source } from "../../api/types";
import { both } from "../../i18n/lang";
import { clockTime, num, percent } from "../../lib/format";
import { useNow } from "../../lib/now";
import { href } from "../../lib/route";
import { summary } from "../../lib/summary";
import { Icon } from "../../ui/Icon";
import { Mark } from "../../ui/Mark";
import { Ago } from "../../ui/Time";
import { doorKind, doorOf, perSecond, sum, troubles, yamlFor, type Trouble, type Wanted } from "./model";

const WIDTH = 60;
const SHOWN = 3;

interface Sample {
  at: number;
  n: number;
}

function useSamples(n: number): Sample[] {
  const all = useRef<Sample[]>([]);
  const [shown, show] = useState<Sample[]>([]);
  useEffect(() => {
    all.current = [...all.current.filter((s) => Date.now() - s.at < (WIDTH + 5) * 1000), { at: Date.now(), n }];
    show(all.current);
  }, [n]);
  return shown;
}

function Spark({ bars }: { bars: number[] }): ReactElement {
  const { t } = useTranslation();
  const most = Math.max(1, ...bars);
  return (
    <svg
      className="setup-spark"
      viewBox="0 0 480 44"
      preserveAspectRatio="none"
      role="img"
      aria-label={t("setup.spark")}
    >
      {bars.map((n, i) => {
        const h = n === 0 ? 2 : 4 + (n / most) * 40;
        return <rect key={i} className={n === 0 ? "z" : ""} x={i * 8} y={44 - h} width={6} height={h} />;
      })}
    </svg>
  );
}

function Lines({ own, n }: { own: Source[]; n: number }): ReactElement | null {
  const ids = own.map((s) => s.id);
  const page = useQuery({
    queryKey: ["events", "setup", ids.join(), n],
    queryFn: () => get<EventPage>("/events", { limit: 50 }),
    enabled: n > 0,
    placeholderData: (old) => old,
  });
  const rows = page.data?.items.filter((e) => ids.includes(e.source.id)).slice(0, SHOWN) ?? [];
  if (rows.length === 0) return null;
  return (
    <ul className="setup-lines data">
      {rows.map((e) => (
        <li key={e.id}>
          <span className="faint">{clockTime(e.received)}</span>
          <span className="cut">{summary(e)}</span>
        </li>
      ))}
    </ul>
  );
}

function Wrong({ x }: { x: Trouble }): ReactElement {
  const { t } = useTranslation();
  switch (x.kind) {
    case "closed":
      return (
        <>
          <b className="strong">{t("setup.closed", { door: t(`setup.door.${x.door}`) })}</b> {t("setup.closedHow")}
          <pre className="data">{yamlFor(x.door)}</pre>
        </>
      );
    case "loopback":
      return (
        <>
          <b className="strong">{t("setup.loopback", { address: x.address })}</b> {t("setup.loopbackHow")}
        </>
      );
    case "refused":
      return (
        <>
          <b className="strong">
            {t(x.refused.door === "tls" ? "setup.refusedTls" : "setup.refusedPush", {
              peer: x.refused.peer,
              n: num(x.refused.count),
            })}
          </b>{" "}
          <Ago at={x.refused.at} />: {both(x.refused.reason)}.{" "}
          {t(x.refused.door === "tls" ? "setup.refusedTlsHow" : "setup.refusedPushHow")}
        </>
      );
    case "unparsed":
      return (
        <>
          <b className="strong">{t("setup.unparsed", { n: num(x.n), part: percent(x.n, x.of) })}</b>{" "}
          {t("setup.unparsedHow")}{" "}
          <a className="t-accent strong" href={href(["events"], { q: "event.format:unparsed" })}>
            {t("setup.see")}
          </a>
        </>
      );
    case "dropped":
      return (
        <>
          <b className="strong">{t("setup.dropped", { n: num(x.n) })}</b> {t("setup.droppedHow")}{" "}
          <a className="t-accent strong" href={href(["sources"])}>
            {t("setup.see")}
          </a>
        </>
      );
    default:
      return (
        <>
          <b className="strong">{t("setup.lost")}</b> {both(x.control.reason)}. {both(x.control.next)}
        </>
      );
  }
}

interface LiveProps {
  want: Wanted;
  doors: Doors;
  controls: Control[];
  own: Source[];
}

/* The door is open and nothing is wrong that canh could see: what is left lies between the two machines. */
function Waiting({ want, doors, since }: { want: Wanted; doors: Doors; since: number }): ReactElement {
  const { t } = useTranslation();
  const minutes = Math.floor((useNow() - since) / 60_000);
  const door = doorOf(doors, want.way.door);
  return (
    <div className="note unknown">
      <Icon name="warn" />
      <span>
        <b className="strong">{t("setup.waiting", { n: minutes })}</b>{" "}
        {t("setup.waitingHow", { door: `${t(`setup.door.${doorKind(want.way.door)}`)} ${door?.address ?? ""}` })}
      </span>
    </div>
  );
}

export function Live({ want, doors, controls, own }: LiveProps): ReactElement {
  const { t } = useTranslation();
  const now = useNow();
  const [since] = useState(() => Date.now());
  const n = sum(own);
  const samples = useSamples(n.received);
  const bars = perSecond(samples, now, WIDTH);
  const wrong = troubles(doors, controls, own, want);
  const from = own.length === 1 ? own[0]?.name : undefined;
  return (
    <>
      <div className="card setup-live" aria-live="polite" data-testid="live">
        <div>
          <Mark state={n.stored > 0 ? "met" : "unknown"} word={t(n.stored > 0 ? "setup.coming" : "setup.nothing")} />
          <p className="setup-big">
            <b className="num">{num(n.stored)}</b>{" "}
            <span>{from ? t("setup.eventsFrom", { from }) : t("setup.events", { n: own.length })}</span>
          </p>
        </div>
        <Spark bars={bars} />
        <dl>
          <dt>{t("setup.read")}</dt>
          <dd className="num">{percent(n.stored - n.unparsed, n.stored)}</dd>
          <dt>{t("setup.unread")}</dt>
          <dd className={n.unparsed > 0 ? "num t-unknown" : "num"}>{num(n.unparsed)}</dd>
          <dt>{t("setup.lostN")}</dt>
          <dd className={n.dropped > 0 ? "num t-failed" : "num"}>{num(n.dropped)}</dd>
        </dl>
        <Lines own={own} n={n.stored} />
      </div>
      {wrong.map((x, i) => (
        <div key={x.kind + String(i)} className={n.stored > 0 && x.kind === "loopback" ? "note" : "note unknown"}>
          <Icon name="warn" />
          <span className="setup-wrong">
            <Wrong x={x} />
          </span>
        </div>
      ))}
      {wrong.length === 0 && n.stored === 0 && <Waiting want={want} doors={doors} since={since} />}
    </>
  );
}
