/* SPDX-License-Identifier: Apache-2.0 */
import { useEffect, useState, type ReactElement, type Ref } from "react";
import { useTranslation } from "react-i18next";
import type { AlertPage } from "../../api/types";
import { num } from "../../lib/format";
import { Btn, Chip } from "../../ui/Btn";
import { Icon } from "../../ui/Icon";
import { CLOSED_STATES, OPEN_STATES, SEVERITIES, TABS, type Filter, type Tab } from "./model";

type Counts = AlertPage["counts"];

function countOf(tab: Tab, counts: Counts): number | null {
  const states = tab === "open" ? OPEN_STATES : tab === "closed" ? CLOSED_STATES : null;
  if (!states || !counts?.state) return null;
  return states.reduce((sum, s) => sum + (counts.state?.[s] ?? 0), 0);
}

export function TabBar({
  filter,
  onTab,
  counts,
}: {
  filter: Filter;
  onTab: (t: Tab) => void;
  counts: Counts;
}): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="tabs" role="group" aria-label={t("title.alerts")}>
      {TABS.map((tab) => {
        const n = countOf(tab, counts);
        return (
          <button
            key={tab}
            type="button"
            aria-current={tab === filter.tab ? "true" : undefined}
            onClick={() => onTab(tab)}
          >
            {t(`alerts.tab.${tab}`)} {n !== null && <span className="num">{num(n)}</span>}
          </button>
        );
      })}
    </div>
  );
}

interface FilterBarProps {
  filter: Filter;
  onFilter: (f: Filter) => void;
  searchRef: Ref<HTMLInputElement>;
  onManual: (() => void) | null;
}

export function FilterBar({ filter, onFilter, searchRef, onManual }: FilterBarProps): ReactElement {
  const { t } = useTranslation();
  const [text, setText] = useState(filter.q);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (text !== filter.q) onFilter({ ...filter, q: text });
    }, 250);
    return () => clearTimeout(timer);
  }, [text, filter, onFilter]);
  const toggle = (s: (typeof SEVERITIES)[number]): void => {
    const on = filter.severity.includes(s);
    onFilter({ ...filter, severity: on ? filter.severity.filter((x) => x !== s) : [...filter.severity, s] });
  };
  return (
    <div className="filters">
      <label className="field search">
        <Icon name="search" />
        <input
          ref={searchRef}
          value={text}
          placeholder={t("alerts.filter")}
          aria-label={t("alerts.filter")}
          onChange={(e) => setText(e.currentTarget.value)}
          onKeyDown={(e) => e.key === "Escape" && e.currentTarget.blur()}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <div className="chips" role="group" aria-label={t("alerts.from")}>
        {SEVERITIES.slice(0, 4).map((s) => (
          <Chip key={s} on={filter.severity.includes(s)} onClick={() => toggle(s)}>
            {t(`severity.${s}`)}
          </Chip>
        ))}
      </div>
      {onManual && (
        <Btn small icon="plus" onClick={onManual}>
          {t("alerts.manual.open")}
        </Btn>
      )}
    </div>
  );
}
