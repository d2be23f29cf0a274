/* SPDX-License-Identifier: Apache-2.0 */
import { Select } from "@mantine/core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { ColumnGuess, ListPreview } from "../../api/types";
import { num } from "../../lib/format";
import { BadLines, Types } from "./ListDrawer";
import { MEANINGS, type Mapping } from "./model";

const DELIMITER: Record<string, string> = { ",": "comma", "\t": "tab", ";": "semicolon", " ": "space" };

interface PreviewProps {
  p: ListPreview;
  map: Mapping;
  onMap: (m: Mapping) => void;
  busy: boolean;
}

function Columns({ p, map, onMap }: Omit<PreviewProps, "busy">): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="columns" role="group" aria-label={t("lists.step.map")}>
      {p.columns.map((c) => (
        <div key={c.n} className={map[c.n] === "ignore" || map[c.n] === "number" ? "column off" : "column"}>
          <b className="strong cut" title={c.header ?? ""}>
            {c.header || t("lists.column", { n: c.n })}
          </b>
          <Select
            aria-label={`${t("lists.column", { n: c.n })} ${c.header ?? ""}`}
            allowDeselect={false}
            value={map[c.n] ?? c.guess}
            data={MEANINGS.map((m) => ({ value: m, label: t(`lists.meaning.${m}`) }))}
            onChange={(v) => onMap({ ...map, [c.n]: (v ?? "ignore") as ColumnGuess })}
          />
          <ul className="data">
            {c.samples.slice(0, 3).map((s, i) => (
              <li key={i} className="cut" title={s}>
                {s || "–"}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

export function Preview({ p, map, onMap, busy }: PreviewProps): ReactElement {
  const { t } = useTranslation();
  const d =
    p.delimiter === null
      ? t("lists.delimiter.none")
      : t(`lists.delimiter.${DELIMITER[p.delimiter] ?? "other"}`, { d: p.delimiter });
  const usable = Object.values(p.types).reduce((a, b) => a + b, 0);
  return (
    <div className="preview" aria-busy={busy}>
      <p className="muted small">
        {t("lists.readAs", { rows: num(p.rows), d, h: t(p.header ? "lists.header" : "lists.noHeader") })}
      </p>
      <Columns p={p} map={map} onMap={onMap} />
      {usable === 0 ? (
        <div className="note unknown">{t("lists.foundNone")}</div>
      ) : (
        <div className="row wrap">
          <b className="strong">{t("lists.usable", { n: num(usable) })}</b>
          <Types types={p.types} />
        </div>
      )}
      {p.bad.length > 0 && (
        <details>
          <summary className="t-unknown strong">{t("lists.badLines", { n: num(p.bad.length) })}</summary>
          <BadLines bad={p.bad} />
        </details>
      )}
    </div>
  );
}
