/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { AlertDetail, Both, Guide as GuideData } from "../../api/types";
import { both } from "../../i18n/lang";

type Text = Both | string;
type TextOrList = Text | Text[] | null | undefined;

const asList = (v: TextOrList): Text[] => (v === null || v === undefined || v === "" ? [] : Array.isArray(v) ? v : [v]);

/* The page's own words for a hit on a list: one "|" between points. */
function useOwnGuide(a: AlertDetail): GuideData | null {
  const { t } = useTranslation();
  const kind = a.indicator?.list.kind;
  if (!kind || kind === "known-good") return null;
  const part = (name: string): string => t(`listGuide.${kind}.${name}`);
  const points = (name: string): string[] => part(name).split("|");
  return { what: part("what"), why: part("why"), check: points("check"), act: points("act"), call: part("call") };
}

/* What happened, why it matters, what to check, what to do now, whom to call: always in this order. */
export function Guide({ a }: { a: AlertDetail }): ReactElement | null {
  const { t } = useTranslation();
  const own = useOwnGuide(a);
  const guide = a.guide ?? own;
  if (!guide) return a.rule?.kind === "manual" ? null : <div className="note unknown">{t("alerts.noGuide")}</div>;
  const [check, act, call] = [asList(guide.check), asList(guide.act), asList(guide.call)];
  return (
    <>
      <div className="q">
        <h3>{t("alerts.what")}</h3>
        <p>{both(guide.what)}</p>
      </div>
      {guide.why && (
        <div className="q">
          <h3>{t("alerts.why")}</h3>
          <p>{both(guide.why)}</p>
        </div>
      )}
      {(check.length > 0 || act.length > 0) && (
        <div className="two">
          <div className="q">
            <h3>{t("alerts.check")}</h3>
            <ul className="checks">
              {check.map((c, i) => (
                <li key={i}>
                  <i aria-hidden="true" />
                  <span>{both(c)}</span>
                </li>
              ))}
            </ul>
          </div>
          <div className="q act">
            <h3>{t("alerts.act")}</h3>
            <ol className="checks">
              {act.map((c, i) => (
                <li key={i}>
                  <span className="n">{i + 1}</span>
                  <span>{both(c)}</span>
                </li>
              ))}
            </ol>
          </div>
        </div>
      )}
      {call.length > 0 && (
        <div className="q">
          <h3>{t("alerts.call")}</h3>
          <div className="call">
            {call.map((c, i) => (
              <div key={i}>{both(c)}</div>
            ))}
          </div>
        </div>
      )}
    </>
  );
}
