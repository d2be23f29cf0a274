/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { OpenTile, Tile, UnknownTile } from "../../api/types";
import { both } from "../../i18n/lang";
import { num } from "../../lib/format";
import { Mark } from "../../ui/Mark";

export function isUnknown<T>(tile: Tile<T> | null | undefined): tile is UnknownTile {
  return (
    tile === null ||
    tile === undefined ||
    (typeof tile === "object" && "state" in tile && tile.state === "unknown" && "reason" in tile)
  );
}

interface TileCardProps {
  no: number;
  title: string;
  href?: string;
  side?: ReactNode;
  className?: string;
  children: ReactNode;
}

/* One of the twelve. The whole tile is a link to its proof where there is one. */
export function TileCard({ no, title, href, side, className = "", children }: TileCardProps): ReactElement {
  const inside = (
    <>
      <div className="head">
        <span className="no">{no}</span>
        <h2>{title}</h2>
        {side && <span className="age">{side}</span>}
      </div>
      {children}
    </>
  );
  const names = `card tile ${className}`;
  return href ? (
    <a className={names} href={href}>
      {inside}
    </a>
  ) : (
    <section className={names} aria-label={title}>
      {inside}
    </section>
  );
}

interface UnknownCardProps {
  no: number;
  title: string;
  reason: string;
  href?: string;
  className?: string;
}

/* Unfinished, never calm: a dashed figure, hatched ground, and why. */
export function UnknownCard({ no, title, reason, href, className = "" }: UnknownCardProps): ReactElement {
  const { t } = useTranslation();
  return (
    <TileCard no={no} title={title} className={`unseen ${className}`} {...(href ? { href } : {})}>
      <div className="row">
        <span className="big dashed" aria-hidden="true">
          –<small className="of">/?</small>
        </span>
        <Mark state="unknown" />
      </div>
      <p className="why">{reason || t("board.notSeen")}</p>
    </TileCard>
  );
}

export function reasonOf(tile: UnknownTile | null | undefined): string {
  return both(tile?.reason);
}

function valueText(value: unknown): string {
  if (typeof value === "number") return num(value, Number.isInteger(value) ? 0 : 1);
  if (Array.isArray(value)) return value.length > 0 ? value.map(valueText).join(", ") : "–";
  if (value && typeof value === "object") {
    if ("vi" in value && "en" in value) return both(value as { vi: string; en: string });
    return Object.entries(value)
      .map(([k, v]) => `${k} ${valueText(v)}`)
      .join(", ");
  }
  return value === null || value === undefined || value === "" ? "–" : String(value);
}

/* A tile whose room may not be built: unknown with its reason, or its figures by name. */
export function OpenTileCard({ no, title, tile }: { no: number; title: string; tile: OpenTile }): ReactElement {
  if (isUnknown(tile)) return <UnknownCard no={no} title={title} reason={reasonOf(tile)} />;
  return (
    <TileCard no={no} title={title}>
      <ul className="lines">
        {Object.entries(tile)
          .slice(0, 6)
          .map(([k, v]) => (
            <li key={k}>
              <span>{k}</span>
              <span className="v cut">{valueText(v)}</span>
            </li>
          ))}
      </ul>
    </TileCard>
  );
}
