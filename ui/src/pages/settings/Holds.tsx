/* SPDX-License-Identifier: Apache-2.0 */
/* Days of the store that are kept for a case: neither their age nor a full disk takes them. */
import { Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get, post, remove } from "../../api/client";
import type { Hold, HoldPlaced } from "../../api/holds";
import type { Page } from "../../api/types";
import { may, useSession } from "../../app/session";
import { date, day, num } from "../../lib/format";
import { Btn } from "../../ui/Btn";
import { Confirm } from "../../ui/Confirm";
import { Mark } from "../../ui/Mark";
import { ErrorNote, Skeleton } from "../../ui/States";
import { toast } from "../../ui/toast";

const EMPTY = { day: "", last: "", reason: "", case: "", until: "" };
type Draft = typeof EMPTY;

function NewHold(): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const place = useMutation({
    mutationFn: () =>
      post<HoldPlaced>("/holds", {
        day: draft.day,
        last: draft.last || draft.day,
        reason: draft.reason.trim().normalize("NFC"),
        case: draft.case.trim().normalize("NFC"),
        until: draft.until || null,
      }),
    onSuccess: (h) => {
      toast(t(h.told ? "holds.placed" : "holds.untold"));
      setDraft(EMPTY);
      for (const key of ["holds", "board"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    place.mutate();
  };
  const field = (key: keyof Draft): { name: string; label: string; value: string } => ({
    name: key,
    label: t(`holds.${key}`),
    value: draft[key],
  });
  const set = (key: keyof Draft) => (e: { currentTarget: { value: string } }) =>
    setDraft({ ...draft, [key]: e.currentTarget.value });
  return (
    <form className="form box-body" onSubmit={submit}>
      <div className="form-2">
        <TextInput type="date" required {...field("day")} onChange={set("day")} />
        <TextInput type="date" min={draft.day} {...field("last")} onChange={set("last")} />
      </div>
      <TextInput required maxLength={500} {...field("case")} onChange={set("case")} />
      <Textarea required maxLength={500} {...field("reason")} onChange={set("reason")} />
      <TextInput type="date" description={t("holds.untilHelp")} {...field("until")} onChange={set("until")} />
      {place.isError && <ErrorNote error={place.error} />}
      <div className="row">
        <Btn kind="primary" type="submit" busy={place.isPending} disabled={!draft.day}>
          {t("holds.place")}
        </Btn>
      </div>
    </form>
  );
}

function Row({ h, canWrite }: { h: Hold; canWrite: boolean }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const release = useMutation({
    mutationFn: () => remove(`/holds/${encodeURIComponent(h.id)}`),
    onSuccess: () => {
      toast(t("holds.released"));
      for (const key of ["holds", "board"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const days = h.day === h.last ? day(h.day) : `${day(h.day)} – ${day(h.last)}`;
  const end = h.released ? t("holds.ended", { t: date(h.released), who: h.released_by }) : null;
  return (
    <li>
      <span className="two-line grow">
        <span>
          <b className="num">{days}</b> · {h.case}
        </span>
        <span className="small muted">
          {h.reason} · {h.placed_by}, {date(h.placed)} ·{" "}
          {end ?? (h.until ? t("holds.untilDay", { t: date(h.until) }) : t("holds.untilReleased"))}
          {h.gone > 0 && ` · ${t("holds.gone", { n: num(h.gone) })}`}
        </span>
        {release.isError && <ErrorNote error={release.error} />}
      </span>
      <Mark state={h.in_force ? "met" : "na"} word={t(h.in_force ? "holds.inForce" : "holds.over")} />
      {h.in_force && canWrite && (
        <Confirm word={t("holds.release")} question={t("holds.askRelease")} onYes={() => release.mutate()} />
      )}
    </li>
  );
}

export function Holds(): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const canWrite = may.share(user, "lead");
  const list = useQuery({ queryKey: ["holds"], queryFn: () => get<Page<Hold>>("/holds") });
  return (
    <section className="card box" aria-label={t("holds.title")}>
      <div className="box-head">
        <h2>{t("holds.title")}</h2>
      </div>
      <p className="pad-x small muted">{t("holds.help")}</p>
      {list.isPending && <Skeleton rows={2} height={48} />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && <p className="pad-x">{t("holds.none")}</p>}
      <ul className="plain-list">
        {(list.data?.items ?? []).map((h) => (
          <Row key={h.id} h={h} canWrite={canWrite} />
        ))}
      </ul>
      {canWrite && <NewHold />}
    </section>
  );
}
