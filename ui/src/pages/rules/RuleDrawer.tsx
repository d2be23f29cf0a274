/* SPDX-License-Identifier: Apache-2.0 */
import { Drawer } from "@mantine/core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Rule } from "../../api/types";
import { both } from "../../i18n/lang";
import { num } from "../../lib/format";
import { go, href, useRoute } from "../../lib/route";
import { Techniques } from "../../ui/Techniques";
import { Ago } from "../../ui/Time";
import { Imports } from "./Imports";
import { Level, logsource, RuleMark, ruleTitle } from "./RulesPage";

function Body({ r }: { r: Rule }): ReactElement {
  const { t } = useTranslation();
  const other = r.tags.filter((x) => !/^attack\.t\d/i.test(x));
  return (
    <div className="drawer-body">
      <div className="row">
        <Level level={r.level} />
        <RuleMark r={r} />
      </div>
      {r.reason && <div className="note failed">{both(r.reason)}</div>}
      {r.status === "loaded" && !r.can_fire && <div className="note unknown">{t("rules.notSeen")}</div>}
      <dl className="facts">
        {ruleTitle(r) !== r.title && (
          <>
            <dt>{t("rules.original")}</dt>
            <dd>{r.title}</dd>
          </>
        )}
        <dt>{t("rules.file")}</dt>
        <dd className="data">{r.line ? t("rules.at", { file: r.file, line: r.line }) : r.file}</dd>
        <dt>{t("rules.col.source")}</dt>
        <dd>
          <span className="data">{logsource(r)}</span>
          {r.last_seen_source && (
            <span className="faint">
              {" "}
              · <Ago at={r.last_seen_source} />
            </span>
          )}
        </dd>
        <dt>{t("rules.col.fired")}</dt>
        <dd>
          <a className="t-accent num" href={href(["alerts"], { q: ruleTitle(r) })}>
            {num(r.alerts_24h)}
          </a>
        </dd>
        <dt>{t("rules.col.origin")}</dt>
        <dd>{t(`rules.origin.${r.origin}`)}</dd>
        {other.length > 0 && (
          <>
            <dt>{t("rules.tags")}</dt>
            <dd>{other.join(", ")}</dd>
          </>
        )}
      </dl>
      <Techniques tags={r.tags} />
      {r.origin === "imported" && <Imports file={r.file} />}
    </div>
  );
}

export function RuleDrawer({ rule }: { rule: Rule | undefined }): ReactElement {
  const { t } = useTranslation();
  const { query } = useRoute();
  return (
    <Drawer
      opened={rule !== undefined}
      onClose={() => go(["rules"], Object.fromEntries(query))}
      position="right"
      size={480}
      title={<b className="strong">{rule ? ruleTitle(rule) : ""}</b>}
      closeButtonProps={{ "aria-label": t("act.close") }}
    >
      {rule && <Body r={rule} />}
    </Drawer>
  );
}
