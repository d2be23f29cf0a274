/* SPDX-License-Identifier: Apache-2.0 */
/* A secret that is shown once: what it is, itself with a button to copy it, how to treat it. */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Btn } from "./Btn";
import { Copy } from "./Copy";

interface OnceProps {
  title: string;
  text: string;
  help: string;
  close: () => void;
  testId?: string;
}

export function Once({ title, text, help, close, testId }: OnceProps): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="form">
      <p className="strong">{title}</p>
      <div className="once">
        <code className="data" data-testid={testId}>
          {text}
        </code>
        <Copy text={text} />
      </div>
      <p className="muted small">{help}</p>
      <div className="row">
        <Btn kind="primary" onClick={close}>
          {t("act.done")}
        </Btn>
      </div>
    </div>
  );
}
