/* SPDX-License-Identifier: Apache-2.0 */
/* The bell of this browser: a sound and a notification for each severity, tried by a button. */
import { useState, useSyncExternalStore, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Severity } from "../../api/types";
import {
  bellChoice,
  canNotify,
  chooseBell,
  notifyAllowed,
  onBell,
  playBell,
  SEVERITIES,
  showNotice,
  type BellChoice,
} from "../../app/bell";
import { Btn } from "../../ui/Btn";
import { Sev } from "../../ui/Mark";

type Way = keyof BellChoice;

function Box({ way, severity, disabled }: { way: Way; severity: Severity; disabled: boolean }): ReactElement {
  const { t } = useTranslation();
  const choice = useSyncExternalStore(onBell, bellChoice);
  const on = choice[way].includes(severity);
  const flip = (): void =>
    chooseBell({ ...choice, [way]: SEVERITIES.filter((s) => (s === severity ? !on : choice[way].includes(s))) });
  return (
    <label className="bell-box">
      <input
        type="checkbox"
        checked={on && !disabled}
        disabled={disabled}
        onChange={flip}
        aria-label={`${t(`bell.${way}`)}: ${t(`severity.${severity}`)}`}
      />
    </label>
  );
}

/* The first time the browser asks; a refusal is the browser's to take back, not ours. */
function Allow({ onAnswer }: { onAnswer: () => void }): ReactElement | null {
  const { t } = useTranslation();
  if (!canNotify()) return <p className="note">{t("bell.cannot")}</p>;
  if (Notification.permission === "denied") return <p className="note unknown">{t("bell.denied")}</p>;
  if (Notification.permission === "granted") return null;
  return (
    <div className="row wrap">
      <Btn onClick={() => void Notification.requestPermission().then(onAnswer)}>{t("bell.allow")}</Btn>
      <span className="small muted">{t("bell.allowHelp")}</span>
    </div>
  );
}

export function BellBox(): ReactElement {
  const { t } = useTranslation();
  const [, again] = useState(0);
  const [said, say] = useState("");
  const trial = async (): Promise<void> => {
    const rang = await playBell("critical");
    const shown = showNotice(t("bell.trialTitle"), t("bell.trialBody"), "canh.trial", () => undefined);
    say(
      [t(rang ? "bell.rang" : "bell.mute"), notifyAllowed() ? t(shown ? "bell.shown" : "bell.notShown") : ""].join(" "),
    );
  };
  return (
    <section className="card box" id="bell" aria-label={t("bell.title")}>
      <div className="box-head">
        <h2>{t("bell.title")}</h2>
        <Btn icon="bell" onClick={() => void trial()}>
          {t("bell.try")}
        </Btn>
      </div>
      <div className="box-body bell">
        <p className="small muted">{t("bell.help")}</p>
        <p className="small strong" role="status">
          {said}
        </p>
        <Allow onAnswer={() => again((n) => n + 1)} />
        <table className="bell-table">
          <thead>
            <tr>
              <th scope="col">{t("bell.severity")}</th>
              <th scope="col">{t("bell.sound")}</th>
              <th scope="col">{t("bell.notify")}</th>
            </tr>
          </thead>
          <tbody>
            {SEVERITIES.map((s) => (
              <tr key={s}>
                <th scope="row">
                  <Sev severity={s} />
                </th>
                <td>
                  <Box way="sound" severity={s} disabled={false} />
                </td>
                <td>
                  <Box way="notify" severity={s} disabled={!notifyAllowed()} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
