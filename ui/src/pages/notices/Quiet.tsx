/* SPDX-License-Identifier: Apache-2.0 */
/* Hours in which a role is not disturbed unless it is on duty. */
import { Select, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Notify, QuietHours, Role } from "../../api/types";
import { Btn } from "../../ui/Btn";
import { ErrorNote } from "../../ui/States";
import { ROLES } from "../users/RoleFields";
import { useSaveNotify } from "./NotifySettings";

interface RowProps {
  q: QuietHours;
  edits: boolean;
  set: (q: QuietHours) => void;
  drop: () => void;
}

function Row({ q, edits, set, drop }: RowProps): ReactElement {
  const { t } = useTranslation();
  const time = (key: "from" | "to"): Record<string, unknown> => ({
    type: "time",
    "aria-label": t(`notices.quiet.${key}`),
    readOnly: !edits,
    value: q[key],
    onChange: (e: { currentTarget: { value: string } }) => set({ ...q, [key]: e.currentTarget.value }),
  });
  return (
    <li className="row wrap notify-item">
      <div className="row wrap">
        <Select
          aria-label={t("users.role")}
          readOnly={!edits}
          allowDeselect={false}
          data={ROLES.map((r) => ({ value: r, label: t(`role.${r}`) }))}
          value={q.role}
          onChange={(v) => set({ ...q, role: (v ?? q.role) as Role })}
        />
        <TextInput {...time("from")} />
        <span>–</span>
        <TextInput {...time("to")} />
        {edits && <Btn small kind="quiet" icon="x" aria-label={t("act.remove")} onClick={drop} />}
      </div>
    </li>
  );
}

export function Quiet({ n, edits }: { n: Notify; edits: boolean }): ReactElement {
  const { t } = useTranslation();
  const [all, setAll] = useState(n.quiet);
  const [critical, setCritical] = useState(n.critical_always);
  const [exercises, setExercises] = useState(n.exercises);
  const save = useSaveNotify();
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    save.mutate({ quiet: all, critical_always: critical, exercises });
  };
  return (
    <section className="card box" aria-label={t("notices.quietTitle")}>
      <div className="box-head">
        <h2>{t("notices.quietTitle")}</h2>
      </div>
      <form className="form box-body" onSubmit={submit}>
        <p className="small muted">{t("notices.quietHelp")}</p>
        <ul>
          {all.map((q, i) => (
            <Row
              key={i}
              q={q}
              edits={edits}
              set={(next) => setAll(all.map((x, k) => (k === i ? next : x)))}
              drop={() => setAll(all.filter((_, k) => k !== i))}
            />
          ))}
        </ul>
        {edits && (
          <div className="row">
            <Btn small icon="plus" onClick={() => setAll([...all, { role: "lead", from: "22:00", to: "06:00" }])}>
              {t("notices.addQuiet")}
            </Btn>
          </div>
        )}
        <label className="check">
          <input
            type="checkbox"
            checked={critical}
            disabled={!edits}
            onChange={(e) => setCritical(e.currentTarget.checked)}
          />
          {t("notices.criticalAlways")}
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={exercises}
            disabled={!edits}
            onChange={(e) => setExercises(e.currentTarget.checked)}
          />
          {t("notices.exercises")}
        </label>
        {save.isError && <ErrorNote error={save.error} />}
        {edits && (
          <div className="row">
            <Btn kind="primary" type="submit" busy={save.isPending}>
              {t("notices.saveQuiet")}
            </Btn>
          </div>
        )}
      </form>
    </section>
  );
}
