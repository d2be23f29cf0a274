/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { both } from "../i18n/lang";
import { clockTime, date, day, num } from "../lib/format";

function isBoth(v: unknown): v is { vi: string; en: string } {
  return typeof v === "object" && v !== null && "vi" in v && "en" in v;
}

/* A date is shown the Vietnamese way, a time with its clock; anything else as it stands. */
function shown(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return day(text);
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text) ? `${clockTime(text)} ${date(text)}` : text;
}

function Value({ value, depth, own }: { value: unknown; depth: number; own: string }): ReactElement {
  const { t } = useTranslation();
  if (value === null || value === undefined || value === "") return <>–</>;
  if (isBoth(value)) return <>{both(value)}</>;
  if (typeof value === "number") return <span className="num">{num(value, Number.isInteger(value) ? 0 : 2)}</span>;
  if (typeof value === "string" && /^[0-9a-f]{16,}$/.test(value)) return <span className="data">{value}</span>;
  if (typeof value === "string") return <>{shown(value)}</>;
  if (typeof value === "boolean") return <>{t(value ? "fact.yes" : "fact.no")}</>;
  if (typeof value !== "object") return <>{String(value)}</>;
  if (depth > 3) return <code className="data">{JSON.stringify(value)}</code>;
  if (Array.isArray(value))
    return (
      <>
        {value.map((v, i) => (
          <span key={i}>
            {i > 0 && ", "}
            <Value value={v} depth={depth + 1} own={own} />
          </span>
        ))}
      </>
    );
  return <Facts value={value} depth={depth + 1} own={own} />;
}

interface FactsProps {
  value: unknown;
  depth?: number;
  /* where a field has another name than in a letter */
  own?: string;
}

/* Name and value of whatever a document holds, nested ones indented. */
export function Facts({ value, depth = 0, own = "fact" }: FactsProps): ReactElement {
  const { t } = useTranslation();
  if (typeof value !== "object" || value === null || isBoth(value))
    return <Value value={value} depth={depth} own={own} />;
  return (
    <dl className="facts">
      {Object.entries(value).map(([k, v]) => (
        <div key={k} className="fact">
          <dt>{t([`${own}.${k}`, `fact.${k}`], k)}</dt>
          <dd>
            <Value value={v} depth={depth} own={own} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
