/* SPDX-License-Identifier: Apache-2.0 */
/* A roster out of a spreadsheet: read first, shown, and only then kept. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { DutyImport } from "../../api/types";
import { dateTime, num } from "../../lib/format";
import { Btn } from "../../ui/Btn";
import { ChosenFile, FileDialog } from "../../ui/FileDialog";
import { ErrorNote, Skeleton } from "../../ui/States";
import { toast } from "../../ui/toast";
import { BadLines } from "../lists/ListDrawer";
import "../lists/lists.css";

const send = (file: File, preview: boolean): Promise<DutyImport> =>
  api<DutyImport>("/duty/import", {
    method: "POST",
    query: { preview: preview ? 1 : null },
    body: file,
    type: "text/csv",
  });

function Read({ d }: { d: DutyImport }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <p className="strong">{t("duty.read", { n: num(d.kept), twice: num(d.twice) })}</p>
      {d.people.length > 0 && <p className="note">{t("duty.newPeople", { who: d.people.join(", ") })}</p>}
      {d.bad.length > 0 && <BadLines bad={d.bad} />}
      <ul className="duty-read">
        {d.shifts.map((s) => (
          <li key={s.line} className="row small">
            <span className="num">{dateTime(s.from)}</span>–<span className="num">{dateTime(s.to)}</span>
            <b className="grow cut">{s.name}</b>
            <span className="muted">{t(`duty.post.${s.post}`)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Body({ close }: { close: () => void }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const look = useMutation({ mutationFn: (f: File) => send(f, true) });
  const keep = useMutation({
    mutationFn: (f: File) => send(f, false),
    onSuccess: (d) => {
      toast(t("duty.imported", { n: num(d.kept) }));
      for (const key of ["duty", "contacts", "setup", "board"]) void client.invalidateQueries({ queryKey: [key] });
      close();
    },
  });
  return (
    <ChosenFile hint={t("duty.dropHint")} accept=".csv,text/csv" onFile={(f) => look.mutate(f)}>
      {(file) => (
        <>
          {look.isPending && <Skeleton rows={3} />}
          {(look.isError || keep.isError) && <ErrorNote error={look.error ?? keep.error} />}
          {look.data && <Read d={look.data} />}
          {look.data && (
            <div className="row">
              <Btn
                kind="primary"
                busy={keep.isPending}
                disabled={look.data.kept === 0}
                onClick={() => keep.mutate(file)}
              >
                {t("duty.keep", { n: num(look.data.kept) })}
              </Btn>
            </div>
          )}
        </>
      )}
    </ChosenFile>
  );
}

export function ImportRoster({ opened, close }: { opened: boolean; close: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <FileDialog opened={opened} close={close} size={640} title={t("duty.import")}>
      <Body close={close} />
    </FileDialog>
  );
}
