/* SPDX-License-Identifier: Apache-2.0 */
import type { CSSProperties, ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { ago, countdown, exact } from "../lib/format";
import { useNow, useSlowNow } from "../lib/now";

/* "12 phút trước", with the exact time at hand (ui/Tips.tsx) and in the mark-up. */
export function Ago({ at, className }: { at: string | null | undefined; className?: string }): ReactElement {
  const now = useSlowNow();
  if (!at) return <span className={className}>–</span>;
  return (
    <time dateTime={at} className={className} data-tip={exact(at)}>
      {ago(at, now)}
    </time>
  );
}

interface ClockProps {
  due: string;
  /* the start of the window, for the bar; without it there is no bar */
  from?: string | null;
  done?: string | null;
}

/* What is left of a deadline. Ticks each second; red under a quarter of its window and past it. */
export function Clock({ due, from, done }: ClockProps): ReactElement {
  const { t } = useTranslation();
  const now = useNow();
  const end = Date.parse(due);
  const left = (end - now) / 1000;
  const whole = from ? (end - Date.parse(from)) / 1000 : 0;
  const share = whole > 0 ? Math.min(1, Math.max(0, left / whole)) : 0;
  const kind = done ? "stop" : left < 0 ? "over" : whole > 0 && share < 0.25 ? "soon" : "";
  const text = done ? t("clock.done") : t(left < 0 ? "clock.over" : "clock.left", { t: countdown(left) });
  return (
    <span className={`clock ${kind}`} data-tip={`${t("clock.due")} ${exact(due)}`}>
      <b className="num">{text}</b>
      {whole > 0 && <i style={{ "--left": `${Math.round(share * 100)}%` } as CSSProperties} />}
    </span>
  );
}

/* The large figure of a deadline: "3:38", "quá 12:04". */
export function BigClock({ due }: { due: string }): ReactElement {
  const { t } = useTranslation();
  const left = (Date.parse(due) - useNow()) / 1000;
  return <>{left < 0 ? t("clock.over", { t: countdown(left) }) : countdown(left)}</>;
}
