/* SPDX-License-Identifier: Apache-2.0 */
/* When the records were, and which of these hit: the height of a bar tells how many, its foot that rules hit. */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { LookTimeline } from "../../api/typesLook";
import { clockTime, date, num, span } from "../../lib/format";
import { bars } from "./model";

const H = 84;
const FOOT = 8;
const TOP = H - FOOT - 2;

export function Timeline({ t: data }: { t: LookTimeline }): ReactElement {
  const { t } = useTranslation();
  const all = bars(data);
  const max = Math.max(1, ...all.map((b) => b.events));
  const step = 1000 / all.length;
  const first = all[0]?.at ?? 0;
  const last = all[all.length - 1]?.to ?? 0;
  const days = date(first) !== date(last);
  const ticks = [0, 0.5, 1].map((f) => first + f * (last - first));
  const hits = all.filter((b) => b.hits > 0).length;
  return (
    <figure className="look-time">
      <svg
        viewBox={`0 0 1000 ${H}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t("look.timelineLabel", { w: span(data.step_s), max: num(max), n: num(hits) })}
      >
        <path className="g" d={`M0 .5h1000M0 ${TOP / 2}h1000M0 ${TOP}h1000`} vectorEffect="non-scaling-stroke" />
        {all.map((b, i) => (
          <g key={b.at}>
            <title>
              {`${date(b.at)} ${clockTime(b.at)}: ${t("look.barTitle", { n: num(b.events), h: num(b.hits) })}`}
            </title>
            {b.events > 0 && (
              <rect
                className="b"
                x={i * step + step * 0.1}
                width={step * 0.8}
                y={TOP - Math.max(2, (b.events / max) * (TOP - 2))}
                height={Math.max(2, (b.events / max) * (TOP - 2))}
              />
            )}
            {b.hits > 0 && <rect className="h" x={i * step} width={step} y={H - FOOT} height={FOOT} />}
          </g>
        ))}
      </svg>
      <div className="axis" aria-hidden="true">
        {ticks.map((ms, i) => (
          <span key={i}>{days ? `${date(ms)} ${clockTime(ms, false)}` : clockTime(ms)}</span>
        ))}
      </div>
      <figcaption className="row wrap small muted">
        <span>{t("look.perBar", { w: span(data.step_s), max: num(max) })}</span>
        <span className="look-key">
          <i className="b" /> {t("look.records")}
        </span>
        <span className="look-key">
          <i className="h" /> {t("look.hitsHere")}
        </span>
      </figcaption>
    </figure>
  );
}
