/* SPDX-License-Identifier: Apache-2.0 */
/* A file is looked at first, shown, and only then kept: the dialog of every import, and what is chosen in it. */
import { Modal } from "@mantine/core";
import { useState, type ReactElement, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Btn } from "./Btn";
import { DropBox } from "./DropBox";

interface ChosenProps {
  hint: string;
  accept?: string;
  /* one that was chosen before; nobody is told of it again */
  given?: File | undefined;
  onFile: (f: File) => void;
  /* what is known of the file, and keeping it */
  children: (file: File) => ReactNode;
}

export function ChosenFile({ hint, accept, given, onFile, children }: ChosenProps): ReactElement {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(given ?? null);
  const take = (f: File): void => {
    setFile(f);
    onFile(f);
  };
  if (!file) return <DropBox onFile={take} hint={hint} {...(accept === undefined ? {} : { accept })} />;
  return (
    <div className="form">
      <div className="row">
        <b className="data grow cut">{file.name}</b>
        <Btn small kind="quiet" onClick={() => setFile(null)}>
          {t("lists.again")}
        </Btn>
      </div>
      {children(file)}
    </div>
  );
}

interface FileDialogProps {
  opened: boolean;
  close: () => void;
  title: string;
  size: number;
  children: ReactNode;
}

export function FileDialog({ opened, close, title, size, children }: FileDialogProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={close}
      size={size}
      title={<b className="strong">{title}</b>}
      closeButtonProps={{ "aria-label": t("act.close") }}
    >
      {children}
    </Modal>
  );
}
