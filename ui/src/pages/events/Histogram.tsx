/* SPDX-License-Identifier: Apache-2.0 */
import { useRef, useState, type PointerEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Histogram as Data } from "../../api/types";
import { clockTime, date, num, span } from "../../lib/format";
import { ErrorNote } from "../../ui/States";

const H = 76;
const DAY = 86400 * 1000;

interface Scale {
  from: number;
  to: number;
  max: number;
}

function Gaps({ data, s }: { data: Data; s: Scale }): ReactElement {
  const x = (ms: number): number => Math.min(1000, Math.max(0, ((ms - s.from) / (s.to - s.from)) * 1000));
  return (
    <>
      {(data.coverage?.missing ?? []).map((m) => {
        const a = x(Date.parse(m.day));
        const b = x(Date.parse(m.day) + DAY);
        return b > a ? <rect key={m.day} className="gap" x={a} y="0" width={b - a} height={H} /> : null;
      })}
    </>
  );
}

function Axis({ s }: { s: Scale }): ReactElement {
  const long = s.to - s.from > 2 * DAY;
  const at = [0, 0.25, 0.5, 0.75, 1].map((f) => s.from + f * (s.to - s.from));
  return (
    <div className="axis" aria-hidden="true">
      {at.map((ms, i) => (
        <span key={i}>{long ? date(ms).slice(0, 5) + " " + clockTime(ms, false) : clockTime(ms, false)}</span>
      ))}
    </div>
  );
}

/* A drag over the bars, in thousandths of the width. */
function useDrag(on: boolean, onDone: (a: number, b: number) => void) {
  const [drag, setDrag] = useState<[number, number] | null>(null);
  const box = useRef<SVGSVGElement>(null);
  const at = (e: PointerEvent): number => {
    const r = box.current?.getBoundingClientRect();
    return r ? Math.min(1000, Math.max(0, ((e.clientX - r.left) / r.width) * 1000)) : 0;
  };
  const handlers = {
    onPointerDown: (e: PointerEvent<SVGSVGElement>) => {
      e.currentTarget.setPointerCapture(e.pointerId);
      setDrag([at(e), at(e)]);
    },
    onPointerMove: (e: PointerEvent<SVGSVGElement>) => drag && setDrag([drag[0], at(e)]),
    onPointerUp: () => {
      if (on && drag && Math.abs(drag[1] - drag[0]) > 4) onDone(Math.min(...drag), Math.max(...drag));
      setDrag(null);
    },
    onPointerCancel: () => setDrag(null),
  };
  return { drag, box, handlers };
}

interface HistogramProps {
  data: Data | undefined;
  error: unknown;
  onRange: (from: string, to: string) => void;
}

export function Histogram({ data, error, onRange }: HistogramProps): ReactElement {
  const { t } = useTranslation();
  const s: Scale =
    data?.from && data.to
      ? { from: Date.parse(data.from), to: Date.parse(data.to), max: Math.max(1, ...data.counts) }
      : { from: 0, to: 1, max: 1 };
  const time = (x: number): string => new Date(s.from + (x / 1000) * (s.to - s.from)).toISOString();
  const { drag, box, handlers } = useDrag(Boolean(data?.from), (a, b) => onRange(time(a), time(b)));
  if (error && !data)
    return (
      <div className="hist">
        <ErrorNote error={error} />
      </div>
    );
  const step = data && data.counts.length > 0 ? 1000 / data.counts.length : 1000;
  const label = t("events.histogram", { w: span(data?.width_s ?? 0), max: num(s.max) });
  return (
    <div className="hist">
      <span className="top-mark num" aria-hidden="true">
        {data?.from ? num(s.max) : ""}
      </span>
      <svg ref={box} viewBox={`0 0 1000 ${H}`} preserveAspectRatio="none" role="img" aria-label={label} {...handlers}>
        <title>{t("events.histogramHint")}</title>
        <path className="g" d={`M0 .5h1000M0 ${H / 2}h1000M0 ${H - 0.5}h1000`} vectorEffect="non-scaling-stroke" />
        {data?.from && <Gaps data={data} s={s} />}
        {data?.counts.map((n, i) => {
          const h = n === 0 ? 0 : Math.max(1.5, (n / s.max) * (H - 2));
          return <rect key={i} className="b" x={i * step + step * 0.1} y={H - h} width={step * 0.8} height={h} />;
        })}
        {drag && <rect className="pick" x={Math.min(...drag)} y="0" width={Math.abs(drag[1] - drag[0])} height={H} />}
      </svg>
      {data?.from && <Axis s={s} />}
    </div>
  );
}
