/* SPDX-License-Identifier: Apache-2.0 */
/* What a measure was over seven days, spell by spell, the newest first: the strip in words. */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useHistory } from "../../api/hooks";
import { both } from "../../i18n/lang";
import { clockTime, date, span } from "../../lib/format";
import { useSlowNow } from "../../lib/now";
import { stripFrom } from "../../lib/strip";
import { Mark, markOf } from "../../ui/Mark";

const SHOWN = 6;
const short = (iso: string): string => `${clockTime(iso, false)} ${date(iso).slice(0, 5)}`;

export function Spells({ directive, measure }: { directive: string; measure: string }): ReactElement | null {
  const { t } = useTranslation();
  const now = useSlowNow();
  const history = useHistory(directive, stripFrom(now));
  const spells = history.data?.measures.find((m) => m.id === measure)?.spells ?? [];
  if (spells.length === 0) return null;
  return (
    <>
      <h4 className="section-title">{t("board.measure.week")}</h4>
      <ol className="spells">
        {spells
          .slice(-SHOWN)
          .reverse()
          .map((s) => (
            <li key={s.from}>
              <span className="num">
                {short(s.from)} – {short(s.to)}
              </span>
              <Mark state={markOf(s.state)} />
              <span className="muted" title={both(s.reason)}>
                {span((Date.parse(s.to) - Date.parse(s.from)) / 1000)}
              </span>
            </li>
          ))}
      </ol>
    </>
  );
}
