/* SPDX-License-Identifier: Apache-2.0 */
/* On every screen and every sheet of paper: nothing of a demonstration may be taken for real. The top bar has a place
   for it, and so has the foot of a phone; where there is neither it floats. */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useHealth } from "../api/hooks";

export function Simulated({ place = "floats" }: { place?: "floats" | "in-bar" | "in-foot" }): ReactElement | null {
  const { t } = useTranslation();
  const health = useHealth();
  return health.data?.simulated ? <div className={`simulated ${place}`}>{t("shell.simulated")}</div> : null;
}
