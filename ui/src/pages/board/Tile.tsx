/* SPDX-License-Identifier: Apache-2.0 */
/* One of the twelve. The whole tile is a link to its proof; what a click brings stands on it when it is touched. */
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Mark } from "../../ui/Mark";
import { Icon } from "../../ui/Icon";
import { Ago } from "../../ui/Time";
import type { Line, Thing } from "./things";

export function TileHead({ no, title, side }: { no: number; title: string; side?: ReactNode }): ReactElement {
  return (
    <div className="head">
      <span className="no">{no}</span>
      <h2>{title}</h2>
      {side && <span className="age">{side}</span>}
    </div>
  );
}

const toneOf = (tone: string | undefined): string => (tone ? `t-${tone}` : "");

export function Figure({ thing }: { thing: Thing }): ReactElement | null {
  if (thing.figure === undefined) return null;
  return (
    <div className={`big ${toneOf(thing.tone)}`}>
      {thing.figure}
      {thing.of !== undefined && <small className="of">/{thing.of}</small>}
      {thing.unit && <small>{thing.unit}</small>}
    </div>
  );
}

const WHOLE = 20;

export function LineValue({ line }: { line: Line }): ReactElement | null {
  if (line.at) return <Ago at={line.at} className="v" />;
  if (line.value === undefined) return null;
  const number = /^[\d.,+/ −–]+$/.test(line.value);
  /* a telephone number that is cut calls nobody */
  const whole = number && line.value.length <= WHOLE ? " whole" : "";
  return (
    <span
      className={number || line.mono ? `num v cut${whole}` : "v cut"}
      title={line.value.length > 24 ? line.value : undefined}
    >
      {line.value}
    </span>
  );
}

export function TileCard({ thing }: { thing: Thing }): ReactElement {
  const { why, lines } = thing;
  return (
    <a
      className={why === undefined ? `card tile of-${thing.key}` : "card tile unseen"}
      href={thing.href}
      title={thing.next}
    >
      <TileHead no={thing.no} title={thing.title} />
      {why === undefined ? (
        <>
          <Figure thing={thing} />
          <ul className="lines">
            {lines.map((l) => (
              <li key={l.label || l.value} className={toneOf(l.tone)}>
                {l.label && <span className="cut">{l.label}</span>}
                <LineValue line={l} />
              </li>
            ))}
          </ul>
        </>
      ) : (
        <>
          <Mark state="unknown" />
          <p className="why">{why}</p>
        </>
      )}
      <span className="next">
        {thing.next}
        <Icon name="right" />
      </span>
    </a>
  );
}

/* What stands across the column in one line: how alerts reach people. A role that has no page of them only reads it. */
export function SlimTile({ thing, link }: { thing: Thing; link: boolean }): ReactElement {
  const { why, lines } = thing;
  const names = ["card tile told", why !== undefined && "unseen", thing.tone === "failed" && "unheard"];
  const inner = (
    <>
      <h2>{thing.title}</h2>
      {why === undefined ? (
        <ul>
          {lines.map((l) => (
            <li key={l.label} className={toneOf(l.tone)}>
              {l.label} <LineValue line={l} />
            </li>
          ))}
        </ul>
      ) : (
        <>
          <Mark state="unknown" />
          <p className="why">{why}</p>
        </>
      )}
      {link && <Icon name="right" />}
    </>
  );
  const className = names.filter(Boolean).join(" ");
  if (!link) return <section className={className}>{inner}</section>;
  return (
    <a className={className} href={thing.href} title={thing.next}>
      {inner}
    </a>
  );
}

/* Two of the twelve are lists, not figures; when nothing is known of them they look as unfinished as a tile. */
export function UnknownCard({ no, title, why }: { no: number; title: string; why: string }): ReactElement {
  const { t } = useTranslation();
  return (
    <section className="card tile unseen" aria-label={title}>
      <TileHead no={no} title={title} />
      <Mark state="unknown" />
      <p className="why">{why || t("board.notSeen")}</p>
    </section>
  );
}
