/* SPDX-License-Identifier: Apache-2.0 */
import { Modal, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../../api/client";
import { useContacts } from "../../api/hooks";
import type { Post, Span } from "../../api/types";
import { useSession } from "../../app/session";
import { inputTime } from "../../lib/format";
import { Btn } from "../../ui/Btn";
import { ErrorNote } from "../../ui/States";
import { toast } from "../../ui/toast";
import { POSTS, repeated, spanOf, type ShiftForm } from "./model";

const HOUR_MS = 3_600_000;

/* From this hour on, for a shift of twelve. */
function fresh(person: string): ShiftForm {
  const from = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const at = (ms: number): string => inputTime(new Date(ms).toISOString()).slice(0, 16);
  return { person, post: "watch", from: at(from), to: at(from + 12 * HOUR_MS), days: "1", note: "" };
}

const daysOf = (text: string): number => {
  const n = Number(text);
  return Number.isInteger(n) && n >= 1 && n <= 31 ? n : 0;
};

interface Put {
  f: ShiftForm;
  spans: Span[];
}

function usePut(done: () => void): UseMutationResult<void, Error, Put> {
  const { t } = useTranslation();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ f, spans }: Put) => {
      for (const s of spans)
        await post("/duty", { person: f.person, post: f.post, ...s, note: f.note.trim().normalize("NFC") });
    },
    onSuccess: (_, { spans }) => {
      toast(t("duty.added", { n: spans.length }));
      done();
    },
    onSettled: () => {
      for (const key of ["duty", "setup", "board"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
}

export function ShiftFields({ done }: { done: () => void }): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const people = useContacts(true);
  const [f, set] = useState<ShiftForm>(() => fresh(user.id));
  const span = spanOf(f);
  const days = daysOf(f.days);
  const put = usePut(done);
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    if (span && days > 0) put.mutate({ f, spans: repeated(span, days) });
  };
  const text = (key: "from" | "to" | "days" | "note"): Record<string, unknown> => ({
    name: key,
    value: f[key],
    onChange: (e: { currentTarget: { value: string } }) => set({ ...f, [key]: e.currentTarget.value }),
  });
  return (
    <form className="form" onSubmit={submit}>
      <div className="form-2">
        <Select
          label={t("duty.person")}
          searchable
          allowDeselect={false}
          data={(people.data?.items ?? []).map((p) => ({ value: p.id, label: p.name }))}
          value={f.person}
          onChange={(v) => set({ ...f, person: v ?? f.person })}
        />
        <Select
          label={t("duty.postLabel")}
          allowDeselect={false}
          data={POSTS.map((p) => ({ value: p, label: t(`duty.post.${p}`) }))}
          value={f.post}
          onChange={(v) => set({ ...f, post: (v ?? f.post) as Post })}
        />
        <TextInput label={t("duty.from")} classNames={{ input: "data" }} {...text("from")} />
        <TextInput
          label={t("duty.to")}
          classNames={{ input: "data" }}
          error={span ? undefined : t("duty.badSpan")}
          {...text("to")}
        />
        <TextInput
          label={t("duty.days")}
          inputMode="numeric"
          error={days > 0 ? undefined : t("duty.badDays")}
          {...text("days")}
        />
        <TextInput label={t("duty.note")} {...text("note")} />
      </div>
      {put.isError && <ErrorNote error={put.error} />}
      <div className="row">
        <Btn kind="primary" type="submit" busy={put.isPending} disabled={!span || days === 0}>
          {t("duty.add")}
        </Btn>
      </div>
    </form>
  );
}

export function NewShift({ opened, close }: { opened: boolean; close: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={close}
      size={560}
      title={<b className="strong">{t("duty.add")}</b>}
      closeButtonProps={{ "aria-label": t("act.close") }}
    >
      <ShiftFields done={close} />
    </Modal>
  );
}
