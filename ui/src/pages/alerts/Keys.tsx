/* SPDX-License-Identifier: Apache-2.0 */
import { Modal } from "@mantine/core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";

const ALL: [string[], string][] = [
  [["J", "K"], "move"],
  [["Enter"], "open"],
  [["A"], "ack"],
  [["T"], "true"],
  [["F"], "false"],
  [["H"], "handle"],
  [["C"], "comment"],
  [["M"], "mine"],
  [["X"], "pick"],
  [["/"], "filter"],
  [["N"], "manual"],
  [["Ctrl", "K"], "command"],
  [["Esc"], "close"],
  [["?"], "help"],
];

export function KeyBar({ onHelp }: { onHelp: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="keys">
      <span>
        <kbd>J</kbd>
        <kbd>K</kbd> {t("alerts.keys.move")}
      </span>
      <span>
        <kbd>X</kbd> {t("alerts.keys.pick")}
      </span>
      <span>
        <kbd>A</kbd> {t("alerts.keys.ack")}
      </span>
      <button type="button" onClick={onHelp}>
        <kbd>?</kbd> {t("alerts.keys.help")}
      </button>
    </div>
  );
}

export function KeyHelp({ opened, close }: { opened: boolean; close: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={close} title={<b className="strong">{t("alerts.keys.title")}</b>} size="sm">
      <dl className="key-table">
        {ALL.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((k) => (
                <kbd key={k}>{k}</kbd>
              ))}
            </dt>
            <dd>{t(`alerts.keys.${what}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
