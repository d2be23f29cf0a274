/* SPDX-License-Identifier: Apache-2.0 */
/* Seven days of one measure: low is met, full is failed, hatched unknown, outlined attested, a line not applicable,
   dots still to come. Height and form tell the state before colour does. */
import { useState, type MouseEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { DirectiveHistory } from "../../api/types";
import { both } from "../../i18n/lang";
import { clockTime, date } from "../../lib/format";
import { cells, DAYS, tally, type Cell } from "../../lib/strip";
import { markOf } from "../../ui/Mark";

const CELL = 3;
const DAY = 6 * CELL + 2;
const H = 20;
export const STRIP_W = DAYS * DAY;

const left = (i: number): number => Math.floor(i / 6) * DAY + (i % 6) * CELL;

/* Cells side by side in one day and one state are one shape. */
interface Run {
  cell: Cell;
  x: number;
  w: number;
}

function runs(all: Cell[]): Run[] {
  const out: Run[] = [];
  all.forEach((cell, i) => {
    const last = out[out.length - 1];
    if (last && i % 6 > 0 && last.cell.state === cell.state && last.cell.future === cell.future) last.w += CELL;
    else out.push({ cell, x: left(i), w: CELL });
  });
  return out;
}

function Shape({ run: { cell, x, w } }: { run: Run }): ReactElement | null {
  if (cell.future) return <path className="x" d={`M${x + 1} ${H - 1.5}H${x + w}`} strokeDasharray="1 2" />;
  switch (cell.state) {
    case "met":
      return <rect className="m" x={x} y={H - 5} width={w} height={5} />;
    case "failed":
      return <rect className="f" x={x} y={0} width={w} height={H} />;
    case "unknown":
      return <rect className="u" x={x + 0.5} y={H - 13.5} width={w - 1} height={13} />;
    case "attested":
      return <rect className="a" x={x + 0.5} y={H - 9.5} width={w - 1} height={9} />;
    case "not_applicable":
      return <rect className="n" x={x} y={H - 1.5} width={w} height={1.5} />;
    default:
      return null;
  }
}

const nowAt = (all: Cell[], now: number): number => {
  const at = all.findIndex((c) => now < c.to);
  const cell = all[at];
  return cell ? left(at) + ((now - cell.from) / (cell.to - cell.from)) * CELL : STRIP_W;
};

interface StripProps {
  past: DirectiveHistory["measures"][number];
  now: number;
  name: string;
}

export function Strip({ past, now, name }: StripProps): ReactElement {
  const { t } = useTranslation();
  const [over, setOver] = useState<{ at: number; x: number; y: number } | null>(null);
  const all = cells(past.spells, now, past.first);
  const parts = tally(all).map(([s, n]) => `${t(`state.${markOf(s)}`)} ${n}`);
  const label = `${name}, ${t("board.stripOf", { n: DAYS })}: ${parts.join(", ") || t("board.stripNone")}`;
  const move = (e: MouseEvent<SVGSVGElement>): void => {
    const box = e.currentTarget.getBoundingClientRect();
    const x = ((e.clientX - box.left) / box.width) * STRIP_W;
    const at = Math.min(all.length - 1, Math.floor(x / DAY) * 6 + Math.min(5, Math.floor((x % DAY) / CELL)));
    setOver({ at, x: e.clientX, y: e.clientY });
  };
  const cell = over === null ? null : all[over.at];
  return (
    <>
      <svg
        className="strip"
        viewBox={`0 0 ${STRIP_W} ${H}`}
        role="img"
        aria-label={label}
        onMouseMove={move}
        onMouseLeave={() => setOver(null)}
      >
        {runs(all).map((r) => (
          <Shape key={r.x} run={r} />
        ))}
        <path className="now-line" d={`M${nowAt(all, now)} -2V${H + 1}`} />
      </svg>
      {over && cell && (
        <span className="tip cell-tip" style={{ right: window.innerWidth - over.x + 8, top: over.y + 12 }}>
          <CellText cell={cell} />
        </span>
      )}
    </>
  );
}

function CellText({ cell }: { cell: Cell }): ReactElement {
  const { t } = useTranslation();
  const state = cell.future
    ? t("board.stripFuture")
    : cell.state
      ? t(`state.${markOf(cell.state)}`)
      : t("board.stripNone");
  return (
    <>
      <b>{state}</b>{" "}
      <span className="num">
        {clockTime(cell.from, false)}–{clockTime(cell.to, false)} {date(cell.from).slice(0, 5)}
      </span>
      {(cell.reason || cell.state === "unknown") && (
        <span className="block">{cell.reason ? both(cell.reason) : t("board.stripHole")}</span>
      )}
    </>
  );
}

/* The days over the column, today marked. */
export function StripDays({ from }: { from: number }): ReactElement {
  return (
    <span className="strip-days" aria-hidden="true">
      {Array.from({ length: DAYS }, (_, i) => (
        <span key={i} className={i === DAYS - 1 ? "today" : ""}>
          {date(from + i * 86400000).slice(0, 2)}
        </span>
      ))}
    </span>
  );
}
