/* SPDX-License-Identifier: Apache-2.0 */
/* A source that is switched off on purpose is not silent: until when, why, and by whose word. */
import { TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { patch } from "../../api/client";
import type { Source } from "../../api/types";
import { Btn } from "../../ui/Btn";
import { ErrorNote } from "../../ui/States";
import { toast } from "../../ui/toast";
import { endOfDay } from "./model";

export function Off({ s }: { s: Source }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [day, setDay] = useState("");
  const [why, setWhy] = useState("");
  const off = s.state === "off";
  const save = useMutation({
    mutationFn: (body: { off_until: string | null; off_reason?: string }) =>
      patch<Source>(`/sources/${encodeURIComponent(s.id)}`, body),
    onSuccess: (_, body) => {
      toast(t(body.off_until ? "sources.offSaved" : "sources.onSaved", { name: s.name }));
      void client.invalidateQueries({ queryKey: ["sources"] });
    },
  });
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    const until = endOfDay(day);
    if (until) save.mutate({ off_until: until, off_reason: why.trim().normalize("NFC") });
  };
  return (
    <form className="form" onSubmit={submit}>
      <h4 className="section-title">{t("sources.off")}</h4>
      {off ? (
        <div className="row">
          <Btn busy={save.isPending} onClick={() => save.mutate({ off_until: null })}>
            {t("sources.offEnd")}
          </Btn>
        </div>
      ) : (
        <>
          <p className="small muted">{t("sources.offHelp")}</p>
          <TextInput
            type="date"
            label={t("sources.offUntil")}
            value={day}
            onChange={(e) => setDay(e.currentTarget.value)}
          />
          <TextInput label={t("sources.offReason")} value={why} onChange={(e) => setWhy(e.currentTarget.value)} />
          <div className="row">
            <Btn type="submit" busy={save.isPending} disabled={!endOfDay(day) || why.trim() === ""}>
              {t("sources.offSave")}
            </Btn>
          </div>
        </>
      )}
      {save.isError && <ErrorNote error={save.error} />}
    </form>
  );
}
