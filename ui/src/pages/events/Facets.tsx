/* SPDX-License-Identifier: Apache-2.0 */
import { useMemo, type CSSProperties, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { LogEvent } from "../../api/types";
import { num } from "../../lib/format";
import { addTerm, parseQuery } from "../../lib/query";
import { facets } from "./range";

interface FacetsProps {
  rows: LogEvent[];
  q: string;
  onFilter: (q: string) => void;
}

/* Counted over what is loaded, and said so: a figure over part of the answer must not pass for the whole. */
export function Facets({ rows, q, onFilter }: FacetsProps): ReactElement {
  const { t } = useTranslation();
  const found = useMemo(() => facets(rows), [rows]);
  const on = parseQuery(q);
  return (
    <aside className="facets" aria-label={t("events.facets")}>
      <p className="faint small">{t("events.facetsOf", { n: num(rows.length) })}</p>
      {found.map((f) => (
        <section key={f.field}>
          <h3>
            <span className="cut">{f.field}</span> <span>{num(f.distinct)}</span>
          </h3>
          <ul>
            {f.top.map(({ value, n }) => {
              const active = on.some((x) => x.field === f.field && x.value === value);
              return (
                <li key={value} className={active ? "on" : ""} style={{ "--p": n / rows.length } as CSSProperties}>
                  <button
                    type="button"
                    aria-pressed={active}
                    onClick={() => onFilter(addTerm(q, { field: f.field, value }))}
                  >
                    <span className="cut" title={value}>
                      {value}
                    </span>
                    <span>{num(n)}</span>
                  </button>
                </li>
              );
            })}
          </ul>
        </section>
      ))}
    </aside>
  );
}
