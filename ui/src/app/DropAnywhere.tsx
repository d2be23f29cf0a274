/* SPDX-License-Identifier: Apache-2.0 */
/* A file may be dropped anywhere on the page; boxes that wait for one take it themselves. */
import { useEffect, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { go } from "../lib/route";
import { Icon } from "../ui/Icon";
import { holdOut } from "./held";

const carriesFile = (e: DragEvent): boolean => Array.from(e.dataTransfer?.types ?? []).includes("Files");

function useFileOver(): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const leave = (): void => {
      depth = 0;
      setOver(false);
    };
    const on = {
      dragenter: (e: DragEvent) => {
        if (!carriesFile(e)) return;
        depth++;
        setOver(true);
      },
      dragleave: (e: DragEvent) => {
        if (carriesFile(e) && --depth <= 0) leave();
      },
      /* else the browser would open the file in place of the page */
      dragover: (e: DragEvent) => carriesFile(e) && e.preventDefault(),
      drop: (e: DragEvent) => {
        if (!carriesFile(e)) return;
        leave();
        const taken = e.defaultPrevented;
        e.preventDefault();
        const file = e.dataTransfer?.files[0];
        if (taken || !file) return;
        holdOut(file);
        go(["look"]);
      },
    };
    const names = Object.keys(on) as (keyof typeof on)[];
    for (const n of names) window.addEventListener(n, on[n]);
    return () => {
      for (const n of names) window.removeEventListener(n, on[n]);
    };
  }, []);
  return over;
}

export function DropAnywhere(): ReactElement | null {
  const { t } = useTranslation();
  const over = useFileOver();
  return over ? (
    <div className="drop-anywhere" role="status">
      <Icon name="upload" />
      <b className="strong">{t("look.dropHere")}</b>
      <span className="muted">{t("look.notKept")}</span>
    </div>
  ) : null;
}
