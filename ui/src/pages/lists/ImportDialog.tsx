/* SPDX-License-Identifier: Apache-2.0 */
/* Nobody knows the columns of the national list beforehand: the file is read first, shown, and only then imported. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { BadLine, IndicatorList, ListPreview } from "../../api/types";
import { num } from "../../lib/format";
import { go } from "../../lib/route";
import { Btn } from "../../ui/Btn";
import { ChosenFile, FileDialog } from "../../ui/FileDialog";
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

const stem = (name: string): string => name.replace(/\.\w+$/, "");

function Wizard({ close, given }: { close: () => void; given: File | undefined }): ReactElement {
  const { t } = useTranslation();
  const [map, setMap] = useState<Mapping>({});
  const [draft, setDraft] = useState<Draft>({ ...EMPTY, name: given ? stem(given.name) : "" });
  const [wrong, setWrong] = useState<Wrong>({});
  const preview = useMutation({ mutationFn: (x: { file: File; map: Mapping | null }) => ask(x.file, x.map) });
  const save = useImport(close);
  const { mutate } = preview;
  useEffect(() => {
    if (given) mutate({ file: given, map: null }, { onSuccess: (p) => setMap(guessed(p)) });
  }, [given, mutate]);
  const take = (f: File): void => {
    setDraft({ ...draft, name: draft.name || stem(f.name) });
    preview.mutate({ file: f, map: null }, { onSuccess: (p) => setMap(guessed(p)) });
  };
  const remap = (file: File, next: Mapping): void => {
    setMap(next);
    preview.mutate({ file, map: next });
  };
  const submit = (file: File): void => {
    const found = check(draft);
    setWrong(found);
    if (Object.keys(found).length === 0) save.mutate({ file, draft, map });
  };
  const p = preview.data;
  const usable = p ? Object.values(p.types).reduce((a, b) => a + b, 0) : 0;
  return (
    <ChosenFile hint={t("lists.dropHint")} given={given} onFile={take}>
      {(file) => (
        <>
          {!p && preview.isPending && <Skeleton rows={5} />}
          {preview.isError && <ErrorNote error={preview.error} />}
          {p && <Preview p={p} map={map} onMap={(next) => remap(file, next)} busy={preview.isPending} />}
          {p && <About draft={draft} set={(part) => setDraft({ ...draft, ...part })} wrong={wrong} />}
          {save.isError && <ErrorNote error={save.error} />}
          {p && (
            <div className="row">
              <Btn kind="primary" onClick={() => submit(file)} busy={save.isPending} disabled={usable === 0}>
                {t("lists.save", { n: num(usable) })}
              </Btn>
              <Btn kind="quiet" onClick={close}>
                {t("act.cancel")}
              </Btn>
            </div>
          )}
        </>
      )}
    </ChosenFile>
  );
}

interface ImportDialogProps {
  opened: boolean;
  close: () => void;
  /* one that was chosen elsewhere */
  given?: File | undefined;
}

export function ImportDialog({ opened, close, given }: ImportDialogProps): ReactElement {
  const { t } = useTranslation();
  return (
    <FileDialog opened={opened} close={close} size={760} title={t("lists.import")}>
      <Wizard close={close} given={given} />
    </FileDialog>
  );
}
