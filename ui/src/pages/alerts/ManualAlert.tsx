/* SPDX-License-Identifier: Apache-2.0 */
import { Modal, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../../api/client";
import type { Alert } from "../../api/types";
import { inputTime, parseTime } from "../../lib/format";
import { go } from "../../lib/route";
import { Btn } from "../../ui/Btn";
import { ErrorNote } from "../../ui/States";
import { toast } from "../../ui/toast";
import { numberOf, SEVERITIES } from "./model";

const CHANNELS = ["telephone", "letter", "soc"];

function useDraft() {
  const [draft, setDraft] = useState(() => ({
    title: "",
    severity: "high",
    channel: "telephone",
    host: "",
    description: "",
    observed: inputTime(new Date().toISOString()),
  }));
  const set = (part: Partial<typeof draft>): void => setDraft((d) => ({ ...d, ...part }));
  return { draft, set };
}

interface Wrong {
  title?: string;
  observed?: string;
}

type Draft = ReturnType<typeof useDraft>["draft"];

function Inputs({
  draft,
  set,
  wrong,
}: {
  draft: Draft;
  set: (part: Partial<Draft>) => void;
  wrong: Wrong;
}): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t("alerts.manual.subject")}
        data-autofocus
        value={draft.title}
        error={wrong.title}
        onChange={(e) => set({ title: e.currentTarget.value })}
      />
      <div className="form-2">
        <Select
          label={t("alerts.manual.severity")}
          allowDeselect={false}
          value={draft.severity}
          data={SEVERITIES.map((s) => ({ value: s, label: t(`severity.${s}`) }))}
          onChange={(v) => set({ severity: v ?? "high" })}
        />
        <Select
          label={t("alerts.manual.channel")}
          allowDeselect={false}
          value={draft.channel}
          data={CHANNELS.map((c) => ({ value: c, label: t(`alerts.channel.${c}`) }))}
          onChange={(v) => set({ channel: v ?? "telephone" })}
        />
        <TextInput
          label={t("alerts.manual.host")}
          classNames={{ input: "data" }}
          value={draft.host}
          onChange={(e) => set({ host: e.currentTarget.value })}
        />
        <TextInput
          label={t("alerts.manual.observed")}
          classNames={{ input: "data" }}
          value={draft.observed}
          error={wrong.observed}
          onChange={(e) => set({ observed: e.currentTarget.value })}
        />
      </div>
      <Textarea
        label={t("alerts.manual.description")}
        minRows={3}
        value={draft.description}
        onChange={(e) => set({ description: e.currentTarget.value })}
      />
    </>
  );
}

function Form({ close }: { close: () => void }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { draft, set } = useDraft();
  const [wrong, setWrong] = useState<Wrong>({});
  const send = useMutation({
    mutationFn: (observed_at: string) =>
      post<Alert>("/alerts", {
        title: draft.title.trim().normalize("NFC"),
        severity: draft.severity,
        channel: draft.channel,
        host: draft.host.trim(),
        description: draft.description.trim().normalize("NFC"),
        observed_at,
      }),
    onSuccess: (alert) => {
      close();
      toast(t("alerts.manual.saved", { no: numberOf(alert) }));
      void client.invalidateQueries({ queryKey: ["alerts"] });
      go(["alerts", alert.id]);
    },
  });
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    const at = parseTime(draft.observed);
    const bad = {
      ...(draft.title.trim() === "" ? { title: t("alerts.manual.need") } : {}),
      ...(at ? {} : { observed: t("alerts.manual.badTime") }),
    };
    setWrong(bad);
    if (at && !bad.title) send.mutate(at);
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <Inputs draft={draft} set={set} wrong={wrong} />
      {send.isError && <ErrorNote error={send.error} />}
      <div className="row">
        <Btn kind="primary" type="submit" busy={send.isPending}>
          {t("alerts.manual.save")}
        </Btn>
        <Btn kind="quiet" onClick={close}>
          {t("act.cancel")}
        </Btn>
      </div>
    </form>
  );
}

/* By telephone, letter or from the rented SOC: the same clocks as any other alert. */
export function ManualAlert({ opened, close }: { opened: boolean; close: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="lg"
      title={<b className="strong">{t("alerts.manual.title")}</b>}
      closeButtonProps={{ "aria-label": t("act.close") }}
    >
      <Form close={close} />
    </Modal>
  );
}
