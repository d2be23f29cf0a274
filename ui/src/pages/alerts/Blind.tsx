/* SPDX-License-Identifier: Apache-2.0 */
/* Zero alerts must not look like calm: what was searched, and what this list cannot see. */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useBoard, useSources } from "../../api/hooks";
import { dateTime, num } from "../../lib/format";
import { href } from "../../lib/route";
import { Mark } from "../../ui/Mark";
import { Empty } from "../../ui/States";
import { isUnknown } from "../board/things";
import type { Filter } from "./model";

export function Blind(): ReactElement | null {
  const { t } = useTranslation();
  const board = useBoard();
  const b = board.data;
  if (!b) return null;
  const silent = isUnknown(b.sources) ? [] : (b.sources.silent ?? []);
  const rules = isUnknown(b.self) ? null : b.self.rules;
  const deaf = rules ? rules.loaded - rules.can_fire : 0;
  if (silent.length === 0 && deaf <= 0) return null;
  const parts = [
    silent.length > 0 && t("alerts.blindSilent", { names: silent.slice(0, 3).join(", ") }),
    deaf > 0 && t("alerts.blindRules", { n: num(deaf) }),
  ].filter(Boolean);
  return (
    <div className="calm">
      <Mark state="unknown" word="" />
      <span>
        {t("alerts.blind")}: {parts.join("; ")}. {t("alerts.blindEnd")}{" "}
        <a className="t-accent strong" href={href(["sources"])}>
          {t("alerts.seeSources")}
        </a>
      </span>
    </div>
  );
}

export function NoAlerts({ filter }: { filter: Filter }): ReactElement {
  const { t } = useTranslation();
  const sources = useSources();
  const board = useBoard();
  const all = sources.data?.items ?? [];
  const control = board.data && !isUnknown(board.data.alerts) ? board.data.alerts.control : null;
  const plain = filter.q === "" && filter.severity.length === 0 && filter.tab === "open";
  return (
    <>
      <Empty title={t(plain ? "alerts.noneOpen" : "alerts.none")}>
        {t("alerts.noneWhy", {
          alive: num(all.filter((s) => s.state === "live").length),
          all: num(all.length),
          control: control
            ? `${dateTime(control.at)}, ${t(control.passed ? "board.passed" : "board.notPassed")}`
            : t("alerts.noneControl"),
        })}
      </Empty>
      <Blind />
    </>
  );
}
