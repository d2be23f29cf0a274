/* SPDX-License-Identifier: Apache-2.0 */
/* Seven days in one look: who watches when, gaps hatched. The list below says the same in words. */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Duty, Span } from "../../api/types";
import { date, dateTime, weekday } from "../../lib/format";
import { useSlowNow } from "../../lib/now";
import { initials } from "../../app/Avatar";
import { blockOf, POSTS } from "./model";

const DAY_MS = 86_400_000;
const DAYS = 7;
const OFFSET_MS = 7 * 3_600_000;

const style = (b: { left: number; width: number }): { left: string; width: string } => ({
  left: `${b.left}%`,
  width: `${b.width}%`,
});

export function Week({ duty }: { duty: Duty }): ReactElement {
  const { t } = useTranslation();
  const now = useSlowNow();
  const begin = Math.floor((now + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS;
  const window: Span = { from: new Date(begin).toISOString(), to: new Date(begin + DAYS * DAY_MS).toISOString() };
  const at = ((now - begin) / (DAYS * DAY_MS)) * 100;
  const posts = POSTS.filter((p) => p === "watch" || duty.items.some((s) => s.post === p));
  return (
    <div className="week" role="img" aria-label={t("duty.week")}>
      <div className="week-days">
        {Array.from({ length: DAYS }, (_, i) => (
          <span key={i}>
            {weekday(begin + i * DAY_MS)} <span className="num">{date(begin + i * DAY_MS).slice(0, 5)}</span>
          </span>
        ))}
      </div>
      {posts.map((post) => (
        <div key={post} className="week-row">
          <span className="week-post">{t(`duty.post.${post}`)}</span>
          <div className="week-line">
            {post === "watch" &&
              duty.gaps.map((g) => {
                const b = blockOf(g, window);
                return b && <i key={g.from} className="week-gap" style={style(b)} />;
              })}
            {duty.items
              .filter((s) => s.post === post)
              .map((s) => {
                const b = blockOf(s, window);
                return (
                  b && (
                    <span
                      key={s.id}
                      className="week-shift"
                      style={style(b)}
                      title={`${s.person.name}, ${dateTime(s.from)}`}
                    >
                      {b.width > 8 ? s.person.name : initials(s.person.name)}
                    </span>
                  )
                );
              })}
            <i className="week-now" style={{ left: `${at}%` }} />
          </div>
        </div>
      ))}
    </div>
  );
}
