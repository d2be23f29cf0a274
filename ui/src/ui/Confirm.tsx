/* SPDX-License-Identifier: Apache-2.0 */
import { Popover } from "@mantine/core";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Btn } from "./Btn";

/* For what cannot be undone: the question stands beside the button, with what will follow. */
export function Confirm({
  word,
  question,
  onYes,
}: {
  word: string;
  question: string;
  onYes: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={280} shadow="md" trapFocus>
      <Popover.Target>
        <Btn
          small
          onClick={(e) => {
            e.stopPropagation();
            setOpen(!open);
          }}
        >
          {word}
        </Btn>
      </Popover.Target>
      <Popover.Dropdown onClick={(e) => e.stopPropagation()}>
        <p className="confirm-text">{question}</p>
        <div className="row">
          <Btn
            small
            kind="primary"
            onClick={() => {
              setOpen(false);
              onYes();
            }}
          >
            {word}
          </Btn>
          <Btn small kind="quiet" onClick={() => setOpen(false)}>
            {t("act.cancel")}
          </Btn>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
