/* SPDX-License-Identifier: Apache-2.0 */
/* Records that ended the process that read them: set aside, stored unread, shown as text for a person. */
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAside, useAsideOne } from "../../api/hooks";
import type { AsideRecord } from "../../api/types";
import { bytes, num } from "../../lib/format";
import { Mark } from "../../ui/Mark";
import { ErrorNote, Skeleton } from "../../ui/States";
import { Ago } from "../../ui/Time";

function Beginning({ id }: { id: string }): ReactElement {
  const { t } = useTranslation();
  const one = useAsideOne(id);
  if (one.isPending) return <Skeleton rows={1} height={24} />;
  if (one.isError) return <ErrorNote error={one.error} />;
  if (one.data.beginning === null) return <p className="small muted">{t("sources.asideGone")}</p>;
  return <pre className="snippet data">{one.data.beginning}</pre>;
}

function One({ r }: { r: AsideRecord }): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <li>
      <button type="button" className="plain" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Mark state="failed" word={t(`sources.asideWhy.${r.reason}`)} />
      </button>{" "}
      <span className="data small">{r.source}</span> <span className="num small">{bytes(r.bytes)}</span>{" "}
      <span className="small muted">
        <Ago at={r.at} />
        {r.reason === "crash" && ` · ${r.how}`}
      </span>
      {open && <Beginning id={r.id} />}
    </li>
  );
}

export function Aside(): ReactElement | null {
  const { t } = useTranslation();
  const list = useAside();
  const items = list.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <details className="controls">
      <summary>
        <b className="strong">{t("sources.aside")}</b>{" "}
        <span className="small t-failed">{num(items.length) + (list.data?.next ? "+" : "")}</span>
      </summary>
      <p className="small muted">{t("sources.asideHelp")}</p>
      <ul className="tests">
        {items.map((r) => (
          <One key={r.id} r={r} />
        ))}
      </ul>
    </details>
  );
}
