/* SPDX-License-Identifier: Apache-2.0 */
import { Checkbox, Drawer, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { patch } from "../../api/client";
import type { Place, Source, SourceClass } from "../../api/types";
import { may, useSession } from "../../app/session";
import { both } from "../../i18n/lang";
import { num, span } from "../../lib/format";
import { go } from "../../lib/route";
import { Btn } from "../../ui/Btn";
import { ErrorNote } from "../../ui/States";
import { Ago } from "../../ui/Time";
import { Where } from "../../ui/Where";
import { toast } from "../../ui/toast";
import { Gaps } from "./Gaps";
import { accounted, dropped, sumHolds } from "./model";
import { Off } from "./Off";
import { Proof } from "./Proof";

const CLASSES: SourceClass[] = ["server", "workstation", "appliance", "unknown"];

function Edit({ s }: { s: Source }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState(s.name);
  const [kind, setKind] = useState<SourceClass>(s.class);
  const [required, setRequired] = useState(s.required ?? false);
  const [place, setPlace] = useState<Place>({ unit: s.unit, site: s.site });
  const moved = place.unit !== s.unit || place.site !== s.site;
  const same = name === s.name && kind === s.class && required === (s.required ?? false) && !moved;
  const save = useMutation({
    mutationFn: () =>
      patch<Source>(`/sources/${encodeURIComponent(s.id)}`, {
        name: name.trim().normalize("NFC"),
        class: kind,
        required,
        ...(moved ? place : {}),
      }),
    onSuccess: () => {
      toast(t("sources.saved", { name }));
      void client.invalidateQueries({ queryKey: ["sources"] });
    },
  });
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    save.mutate();
  };
  return (
    <form className="form" onSubmit={submit}>
      <TextInput label={t("sources.name")} value={name} onChange={(e) => setName(e.currentTarget.value)} />
      <Select
        label={t("sources.classLabel")}
        description={t("sources.classHelp")}
        allowDeselect={false}
        value={kind}
        data={CLASSES.map((c) => ({ value: c, label: t(`sources.class.${c}`) }))}
        onChange={(v) => setKind((v ?? "unknown") as SourceClass)}
      />
      <Where label={t("sources.where")} description={t("sources.whereHelp")} value={place} onChange={setPlace} />
      <Checkbox
        label={t("sources.required")}
        description={t("sources.requiredHelp")}
        checked={required}
        onChange={(e) => setRequired(e.currentTarget.checked)}
      />
      {save.isError && <ErrorNote error={save.error} />}
      <div className="row">
        <Btn kind="primary" type="submit" busy={save.isPending} disabled={name.trim() === "" || same}>
          {t("act.save")}
        </Btn>
      </div>
    </form>
  );
}

function Reasons({
  title,
  of,
  words,
}: {
  title: string;
  of: Record<string, number>;
  words?: string;
}): ReactElement | null {
  const { t } = useTranslation();
  const rows = Object.entries(of).filter(([, n]) => n > 0);
  if (rows.length === 0) return null;
  return (
    <>
      <h4 className="section-title">{title}</h4>
      <dl className="facts">
        {rows.map(([k, n]) => (
          <div key={k} className="fact">
            <dt>{words ? t(`${words}.${k}`, k) : k}</dt>
            <dd className="num">{num(n)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/* Why it is not simply heard, and what to do about it. */
function Standing({ s }: { s: Source }): ReactElement | null {
  const { t } = useTranslation();
  if (!s.reason) return null;
  const tone = s.state === "silent" || s.state === "lost_control" ? "failed" : "unknown";
  return (
    <div className={`note ${tone}`}>
      <span className="sentence">
        {both(s.reason)}
        {s.state === "off" && s.off_reason && `: ${s.off_reason}`}
        {s.next && (
          <>
            {". "}
            <b className="strong">{t("sources.nextTitle")}:</b> {both(s.next)}
          </>
        )}
      </span>
    </div>
  );
}

function Body({ s }: { s: Source }): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  return (
    <div className="drawer-body">
      <div className="sum">
        <span>
          <b className="num">{num(s.received)}</b> {t("sources.col.received")}
        </span>
        =
        <span>
          <b className="num">{num(s.stored)}</b> {t("sources.col.stored")}
        </span>
        +
        <span>
          <b className="num">{num(s.pending)}</b> {t("sources.col.pending")}
        </span>
        +
        <span>
          <b className={dropped(s) > 0 ? "num t-failed" : "num"}>{num(dropped(s))}</b> {t("sources.col.dropped")}
        </span>
      </div>
      {!sumHolds(s) && (
        <div className="note failed">{t("sources.sumBad", { r: num(s.received), s: num(accounted(s)) })}</div>
      )}
      <div className={s.acknowledged_delivery ? "note" : "note unknown"}>
        {t(s.acknowledged_delivery ? "sources.ack" : "sources.noAck")}
      </div>
      {s.overflow && <div className="note unknown">{t("sources.overflow")}</div>}
      <Standing s={s} />
      <dl className="facts">
        <dt>{t("sources.peer")}</dt>
        <dd className="data">{s.peer ?? "–"}</dd>
        <dt>{t("sources.hosts")}</dt>
        <dd className="num">{num(s.hosts)}</dd>
        <dt>{t("sources.col.unparsed")}</dt>
        <dd className="num">{num(s.unparsed)}</dd>
        <dt>{t("sources.classLabel")}</dt>
        <dd>
          {t(`sources.class.${s.class}`)}{" "}
          {s.class_from && <span className="muted">({t(`sources.classFrom.${s.class_from}`)})</span>}
        </dd>
        {s.silence && (
          <>
            <dt>{t("sources.patience")}</dt>
            <dd>
              {span(s.silence.quiet_s)} {t(s.silence.working_hours ? "sources.patienceWork" : "sources.patienceAlways")}
            </dd>
          </>
        )}
        <dt>{t("sources.first")}</dt>
        <dd>
          <Ago at={s.first_seen} />
        </dd>
        <dt>{t("sources.col.seen")}</dt>
        <dd>
          <Ago at={s.last_seen} />
        </dd>
      </dl>
      <Reasons title={t("sources.droppedBy")} of={s.dropped} words="sources.reason" />
      <Gaps s={s} />
      <Reasons title={t("sources.formats")} of={s.formats} />
      <Proof s={s} />
      {may.lead(user.role) && <Edit key={`edit ${s.id}`} s={s} />}
      {may.lead(user.role) && <Off key={`off ${s.id}`} s={s} />}
    </div>
  );
}

export function SourceDrawer({ source }: { source: Source | undefined }): ReactElement {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={source !== undefined}
      onClose={() => go(["sources"])}
      position="right"
      size={480}
      title={<b className="strong">{source?.name}</b>}
      closeButtonProps={{ "aria-label": t("act.close") }}
    >
      {source && <Body s={source} />}
    </Drawer>
  );
}
