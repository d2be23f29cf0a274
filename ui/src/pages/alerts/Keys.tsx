/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { openKeys } from "../../lib/keys";

const SHOWN: [string[], string][] = [
  [["J", "K"], "move"],
  [["X"], "pick"],
  [["A"], "ack"],
  [["T"], "true"],
  [["F"], "false"],
  [["U"], "undo"],
];

/* The keys of this page that one needs most; the rest is a "?" away. */
export function KeyBar(): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="keys">
      <div>
        {SHOWN.map(([keys, what]) => (
          <span key={what}>
            {keys.map((k) => (
              <kbd key={k}>{k}</kbd>
            ))}{" "}
            {t(`keys.${what}`)}
          </span>
        ))}
      </div>
      <button type="button" onClick={openKeys}>
        <kbd>?</kbd> {t("keys.help")}
      </button>
    </div>
  );
}
