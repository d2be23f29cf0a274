/* SPDX-License-Identifier: Apache-2.0 */
import { useRef, useState, type DragEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "./Icon";

export function DropBox({
  onFile,
  accept,
  hint,
}: {
  onFile: (f: File) => void;
  accept?: string;
  hint: string;
}): ReactElement {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (e: DragEvent): void => {
    e.preventDefault();
    setOver(false);
    const f = e.dataTransfer.files[0];
    if (f) onFile(f);
  };
  return (
    <>
      <button
        type="button"
        className={over ? "drop over" : "drop"}
        onClick={() => input.current?.click()}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Icon name="upload" />
        <b className="strong">{t("lists.drop")}</b>
        <span className="faint small">{hint}</span>
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        data-testid="file"
        onChange={(e) => {
          const f = e.currentTarget.files?.[0];
          if (f) onFile(f);
        }}
      />
    </>
  );
}
