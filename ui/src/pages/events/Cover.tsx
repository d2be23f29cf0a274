/* SPDX-License-Identifier: Apache-2.0 */
/* What was read and what was not: under every answer. */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Coverage } from "../../api/types";
import { both } from "../../i18n/lang";
import { dateTime, day, num } from "../../lib/format";
import { href } from "../../lib/route";
import { Mark } from "../../ui/Mark";
import { Empty, NotSeen } from "../../ui/States";

export function Cover({ coverage, more }: { coverage: Coverage | undefined; more: boolean }): ReactElement | null {
  const { t } = useTranslation();
  if (!coverage) return null;
  const missing = coverage.missing ?? [];
  const damaged = coverage.damaged ?? [];
  return (
    <div className="cover">
      {missing.length + damaged.length > 0 && <Mark state="unknown" word="" />}
      <span className="cut" title={missing.map((m) => `${day(m.day)}: ${both(m.reason)}`).join("\n")}>
        {t("events.scanned", { events: num(coverage.events_scanned), blocks: num(coverage.blocks) })},{" "}
        {missing.length === 0 ? (
          t("events.complete")
        ) : (
          <b className="strong t-unknown">
            {t("events.missing", { days: missing.map((m) => `${day(m.day)} (${both(m.reason)})`).join("; ") })}
          </b>
        )}
        {damaged.length > 0 && (
          <b className="strong t-unknown" title={damaged.map((d) => `${day(d.day)}: ${both(d.reason)}`).join("\n")}>
            {", "}
            {t("events.damaged", { n: num(damaged.length) })}
          </b>
        )}
      </span>
      <span className="grow" />
      <span className="faint">{t(more ? "events.more" : "events.end")}</span>
    </div>
  );
}

export function NoEvents({ q, coverage }: { q: string; coverage: Coverage | undefined }): ReactElement {
  const { t } = useTranslation();
  const seen = coverage?.events_scanned ?? 0;
  if (q === "" && seen === 0)
    return (
      <NotSeen
        title={t("events.noneAll")}
        action={
          <a className="btn" href={href(["sources"])}>
            {t("alerts.seeSources")}
          </a>
        }
      >
        {t("events.noneAllWhy")}
      </NotSeen>
    );
  return (
    <Empty title={t("events.none")}>
      {t("events.noneWhy", { n: num(seen), from: dateTime(coverage?.from), to: dateTime(coverage?.to) })}
    </Empty>
  );
}
