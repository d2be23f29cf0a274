/* SPDX-License-Identifier: Apache-2.0 */
import { Select, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get, put } from "../../api/client";
import type { Settings, UnitKind } from "../../api/types";
import { may, useSession } from "../../app/session";
import { Btn } from "../../ui/Btn";
import { ErrorNote, Skeleton } from "../../ui/States";
import { toast } from "../../ui/toast";
import { Certificate } from "./Certificate";
import { firstBad, lines } from "./cidr";
import { Holds } from "./Holds";
import { Reload } from "./Reload";
import { Units } from "./Units";

const RANGES = ["public", "inside", "nat"] as const;
type RangeName = (typeof RANGES)[number];
type Texts = Record<RangeName, string>;
const KINDS: UnitKind[] = ["", "agency", "provider", "both"];
const FIELD = { public: "public_ranges", inside: "inside_ranges", nat: "nat_pools" } as const;

function Ranges({ text, set, canWrite }: { text: Texts; set: (t: Texts) => void; canWrite: boolean }): ReactElement[] {
  const { t } = useTranslation();
  return RANGES.map((r) => {
    const wrong = firstBad(text[r]);
    return (
      <Textarea
        key={r}
        label={t(`settings.${r}`)}
        description={t(`settings.${r}Help`)}
        name={FIELD[r]}
        readOnly={!canWrite}
        classNames={{ input: "data" }}
        minRows={3}
        value={text[r]}
        error={wrong ? t("settings.bad", { v: wrong }) : undefined}
        onChange={(e) => set({ ...text, [r]: e.currentTarget.value })}
      />
    );
  });
}

/* Saved settings show on the board and decide which measures bind. */
function useSave(): UseMutationResult<Settings, Error, Settings> {
  const { t } = useTranslation();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (s: Settings) => put<Settings>("/settings", s),
    onSuccess: () => {
      toast(t("settings.saved"));
      for (const key of ["settings", "board", "directive", "setup"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
}

function Form({ settings }: { settings: Settings }): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const canWrite = may.admin(user.role);
  const [unit, setUnit] = useState(settings.unit_name);
  const [kind, setKind] = useState<UnitKind>(settings.unit_kind);
  const [text, setText] = useState<Texts>({
    public: settings.public_ranges.join("\n"),
    inside: settings.inside_ranges.join("\n"),
    nat: settings.nat_pools.join("\n"),
  });
  const save = useSave();
  const bad = RANGES.some((r) => firstBad(text[r]) !== null);
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    if (bad) return;
    save.mutate({
      unit_name: unit.trim().normalize("NFC"),
      unit_kind: kind,
      public_ranges: lines(text.public),
      inside_ranges: lines(text.inside),
      nat_pools: lines(text.nat),
    });
  };
  return (
    <form className="form box-body" onSubmit={submit}>
      {!canWrite && <div className="note">{t("settings.readOnly")}</div>}
      <TextInput
        label={t("settings.unit")}
        description={t("settings.unitHelp")}
        name="unit"
        readOnly={!canWrite}
        value={unit}
        onChange={(e) => setUnit(e.currentTarget.value)}
      />
      <Select
        label={t("settings.kind")}
        description={t("settings.kindHelp")}
        name="unit_kind"
        readOnly={!canWrite}
        allowDeselect={false}
        value={kind || "none"}
        onChange={(v) => setKind(KINDS.find((k) => k === v) ?? "")}
        data={KINDS.map((k) => ({ value: k || "none", label: t(`settings.kinds.${k || "none"}`) }))}
      />
      <Ranges text={text} set={setText} canWrite={canWrite} />
      {save.isError && <ErrorNote error={save.error} />}
      {canWrite && (
        <div className="row">
          <Btn kind="primary" type="submit" busy={save.isPending} disabled={bad}>
            {t("act.save")}
          </Btn>
        </div>
      )}
    </form>
  );
}

export default function SettingsPage(): ReactElement {
  const { user } = useSession();
  return (
    <div className="sheet-pad">
      <div className="pairs">
        {user.whole && may.seeAdmin(user.role) && (
          <div>
            <House />
          </div>
        )}
        <div>
          <Certificate />
          {user.whole && may.seeAdmin(user.role) && <Reload />}
          {user.whole && <Holds />}
        </div>
      </div>
      {may.seeAdmin(user.role) && <Units />}
    </div>
  );
}

/* What all units share. */
export function House(): ReactElement {
  const { t } = useTranslation();
  const settings = useQuery({ queryKey: ["settings"], queryFn: () => get<Settings>("/settings") });
  return (
    <section className="card box" aria-label={t("title.settings")}>
      <div className="box-head">
        <h2>{t("setup.step.unit")}</h2>
      </div>
      {settings.isPending && <Skeleton />}
      {settings.isError && <ErrorNote error={settings.error} retry={() => void settings.refetch()} />}
      {settings.data && <Form settings={settings.data} />}
    </section>
  );
}
