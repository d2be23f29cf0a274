/* SPDX-License-Identifier: Apache-2.0 */
/* Nobody knows the columns of the national list beforehand: the file is read first, shown, and only then imported. */
import { Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { BadLine, IndicatorList, ListPreview } from "../../api/types";
import { num } from "../../lib/format";
import { go } from "../../lib/route";
import { Btn } from "../../ui/Btn";
import { DropBox } from "../../ui/DropBox";
import { ErrorNote, Skeleton } from "../../ui/States";
import { toast } from "../../ui/toast";
import { About } from "./About";
import { check, EMPTY, guessed, importQuery, mapText, type Draft, type Mapping, type Wrong } from "./model";
import { Preview } from "./Preview";

const ask = (file: File, map: Mapping | null): Promise<ListPreview> =>
  api<ListPreview>("/lists", {
    method: "POST",
    query: { preview: 1, name: file.name, map: map ? mapText(map) : null },
    body: file,
    type: "application/octet-stream",
  });

function useImport(close: () => void) {
  const { t } = useTranslation();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (x: { file: File; draft: Draft; map: Mapping }) =>
      api<IndicatorList & { bad?: BadLine[] }>("/lists", {
        method: "POST",
        query: importQuery(x.draft, x.map),
        body: x.file,
        type: "application/octet-stream",
      }),
    onSuccess: (l) => {
      const bad = l.bad_lines > 0 ? `. ${t("lists.savedBad", { n: num(l.bad_lines) })}` : "";
      toast(t("lists.saved", { n: num(l.entries), name: l.name }) + bad);
      void client.invalidateQueries({ queryKey: ["lists"] });
      close();
      if (l.bad_lines > 0) go(["lists", l.id]);
    },
  });
}

function Wizard({ close }: { close: () => void }): ReactElement {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [map, setMap] = useState<Mapping>({});
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [wrong, setWrong] = useState<Wrong>({});
  const preview = useMutation({ mutationFn: (x: { file: File; map: Mapping | null }) => ask(x.file, x.map) });
  const save = useImport(close);
  const take = (f: File): void => {
    setFile(f);
    setDraft({ ...draft, name: draft.name || f.name.replace(/\.\w+$/, "") });
    preview.mutate({ file: f, map: null }, { onSuccess: (p) => setMap(guessed(p)) });
  };
  const remap = (next: Mapping): void => {
    setMap(next);
    if (file) preview.mutate({ file, map: next });
  };
  const submit = (): void => {
    const found = check(draft);
    setWrong(found);
    if (file && Object.keys(found).length === 0) save.mutate({ file, draft, map });
  };
  if (!file) return <DropBox onFile={take} hint={t("lists.dropHint")} />;
  const p = preview.data;
  const usable = p ? Object.values(p.types).reduce((a, b) => a + b, 0) : 0;
  return (
    <div className="form">
      <div className="row">
        <b className="data grow cut">{file.name}</b>
        <Btn small kind="quiet" onClick={() => setFile(null)}>
          {t("lists.again")}
        </Btn>
      </div>
      {!p && preview.isPending && <Skeleton rows={5} />}
      {preview.isError && <ErrorNote error={preview.error} />}
      {p && <Preview p={p} map={map} onMap={remap} busy={preview.isPending} />}
      {p && <About draft={draft} set={(part) => setDraft({ ...draft, ...part })} wrong={wrong} />}
      {save.isError && <ErrorNote error={save.error} />}
      {p && (
        <div className="row">
          <Btn kind="primary" onClick={submit} busy={save.isPending} disabled={usable === 0}>
            {t("lists.save", { n: num(usable) })}
          </Btn>
          <Btn kind="quiet" onClick={close}>
            {t("act.cancel")}
          </Btn>
        </div>
      )}
    </div>
  );
}

export function ImportDialog({ opened, close }: { opened: boolean; close: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={close}
      size={760}
      title={<b className="strong">{t("lists.import")}</b>}
      closeButtonProps={{ "aria-label": t("act.close") }}
    >
      <Wizard close={close} />
    </Modal>
  );
}
