/* SPDX-License-Identifier: Apache-2.0 */
/* What kind of attack the rule looks for, by its number and in our own words. */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useTechniques, type Named } from "../api/techniques";
import { both } from "../i18n/lang";

function One({ n }: { n: Named }): ReactElement {
  const { t } = useTranslation();
  return (
    <li>
      <span className="row">
        <span className="kv">
          <b>ATT&CK</b>
          <span>{n.id}</span>
        </span>
        <b className="strong">{n.told ? both(n.told.name) : t("alerts.techniqueUntold")}</b>
      </span>
      {n.told && <p className="muted small">{both(n.told.text)}</p>}
    </li>
  );
}

export function Techniques({ tags }: { tags: string[] }): ReactElement | null {
  const { t } = useTranslation();
  const all = useTechniques(tags);
  if (all.length === 0) return null;
  return (
    <div className="q">
      <h3>{t("alerts.technique")}</h3>
      <ul className="techniques">
        {all.map((n) => (
          <One key={n.id} n={n} />
        ))}
      </ul>
    </div>
  );
}
