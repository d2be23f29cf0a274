/* SPDX-License-Identifier: Apache-2.0 */
/* Empty, unknown, error and loading: decided once. */
import { useEffect, useState, type ReactElement, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/client";
import { Btn } from "./Btn";
import { Icon } from "./Icon";
import { Mark } from "./Mark";

export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactElement {
  return (
    <div className="empty">
      <b className="strong ink">{title}</b>
      {children && <span>{children}</span>}
    </div>
  );
}

/* Not seen is not none: hatched ground, what is missing, and what connects it. */
export function NotSeen({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}): ReactElement {
  return (
    <div className="empty hatch-soft">
      <Mark state="unknown" word="" />
      <b className="strong t-unknown">{title}</b>
      {children && <span>{children}</span>}
      {action}
    </div>
  );
}

export function errorText(e: unknown, t: (key: string) => string): string {
  if (!(e instanceof ApiError)) return t("error.page");
  if (e.code === "unreachable") return t("error.unreachable");
  return e.message || t("error.page");
}

interface ErrorNoteProps {
  error: unknown;
  what?: string;
  retry?: () => void;
}

export function ErrorNote({ error, what, retry }: ErrorNoteProps): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="note failed" role="alert">
      <Icon name="warn" />
      <span className="grow">
        {what && <b className="strong">{what} </b>}
        {errorText(error, t)}
      </span>
      {retry && (
        <Btn small onClick={retry}>
          {t("act.retry")}
        </Btn>
      )}
    </div>
  );
}

const WIDTHS = [72, 48, 64, 56, 80];

/* Rows keep their height; nothing shows in the first 120 ms, so that a fast answer does not flash. */
export function Skeleton({ rows = 6, height = 36 }: { rows?: number; height?: number }): ReactElement {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const a = setTimeout(() => setShown(true), 120);
    const b = setTimeout(() => setSlow(true), 1000);
    return () => {
      clearTimeout(a);
      clearTimeout(b);
    };
  }, []);
  return (
    <div className="loading" role="status" aria-label={t("loading")}>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className="loading-row" style={{ height }}>
          {shown && <div className="skeleton" style={{ width: `${WIDTHS[i % WIDTHS.length]}%` }} />}
        </div>
      ))}
      {slow && <p className="faint small pad-x">{t("loadingSlow")}</p>}
    </div>
  );
}
