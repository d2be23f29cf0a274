/* SPDX-License-Identifier: Apache-2.0 */
/* Who is told of a new alert of each severity, how often until somebody takes it, and who after that. */
import { MultiSelect, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useContacts } from "../../api/hooks";
import type { Notify, NotifyRule } from "../../api/types";
import { Btn } from "../../ui/Btn";
import { Sev } from "../../ui/Mark";
import { ErrorNote } from "../../ui/States";
import { POSTS } from "../duty/model";
import { recipients, ruleOf, SEVERITIES, usual, withRule, wordOf } from "./model";
import { useSaveNotify } from "./NotifySettings";

const ROLES = ["analyst", "lead", "admin"] as const;
interface Option {
  value: string;
  label: string;
}

/* Posts, roles and people; and whatever a rule names already. */
function useOptions(rules: NotifyRule[]): Option[] {
  const { t } = useTranslation();
  const people = useContacts(true);
  const out: Option[] = [
    ...POSTS.map((p) => ({ value: `duty:${p}`, label: t("notices.onDuty", { post: t(`duty.post.${p}`) }) })),
    ...ROLES.map((r) => ({ value: `role:${r}`, label: t("notices.allOf", { role: t(`role.${r}`) }) })),
    ...(people.data?.items ?? []).map((p) => ({
      value: `contact:${p.id}`,
      label: p.email ? p.name : t("notices.noMail", { name: p.name }),
    })),
  ];
  const known = new Set(out.map((o) => o.value));
  for (const r of rules.flatMap((x) => [...x.to, ...(x.escalate_to ?? [])]))
    if (!known.has(wordOf(r))) {
      known.add(wordOf(r));
      out.push({ value: wordOf(r), label: r.value });
    }
  return out;
}

interface RuleProps {
  r: NotifyRule;
  hooks: Option[];
  people: Option[];
  edits: boolean;
  set: (r: NotifyRule) => void;
}

function Minutes({
  r,
  of,
  edits,
  set,
}: Pick<RuleProps, "r" | "edits" | "set"> & { of: "repeat_min" | "escalate_min" }) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t(`notices.${of}`)}
      inputMode="numeric"
      readOnly={!edits}
      value={String(r[of] ?? 0)}
      onChange={(e) => set({ ...r, [of]: Number(e.currentTarget.value.replace(/\D/g, "").slice(0, 4)) })}
    />
  );
}

function Rule({ r, hooks, people, edits, set }: RuleProps): ReactElement {
  const { t } = useTranslation();
  return (
    <li className="notify-rule">
      <Sev severity={r.severity} />
      <div className="form">
        <div className="row wrap">
          <label className="check">
            <input
              type="checkbox"
              checked={r.mail ?? false}
              disabled={!edits}
              onChange={(e) => set({ ...r, mail: e.currentTarget.checked })}
            />
            {t("notices.byMail")}
          </label>
          {hooks.map((h) => (
            <label key={h.value} className="check">
              <input
                type="checkbox"
                checked={r.webhooks?.includes(h.value) ?? false}
                disabled={!edits}
                onChange={(e) =>
                  set({
                    ...r,
                    webhooks: e.currentTarget.checked
                      ? [...(r.webhooks ?? []), h.value]
                      : (r.webhooks ?? []).filter((x) => x !== h.value),
                  })
                }
              />
              {h.label}
            </label>
          ))}
          {!r.mail && !r.webhooks?.length && <span className="small t-unknown">{t("notices.toldNobody")}</span>}
        </div>
        {(r.mail || Boolean(r.webhooks?.length)) && (
          <div className="form-2">
            <MultiSelect
              label={t("notices.to")}
              data={people}
              readOnly={!edits}
              disabled={!r.mail}
              value={r.to.map(wordOf)}
              onChange={(v) => set({ ...r, to: recipients(v, r.to) })}
            />
            <Minutes r={r} of="repeat_min" edits={edits} set={set} />
            <MultiSelect
              label={t("notices.escalateTo")}
              data={people}
              readOnly={!edits}
              disabled={!r.mail || !r.escalate_min}
              value={(r.escalate_to ?? []).map(wordOf)}
              onChange={(v) => set({ ...r, escalate_to: recipients(v, r.escalate_to ?? []) })}
            />
            <Minutes r={r} of="escalate_min" edits={edits} set={set} />
          </div>
        )}
      </div>
    </li>
  );
}

export function Rules({ n, edits }: { n: Notify; edits: boolean }): ReactElement {
  const { t } = useTranslation();
  const [rules, setRules] = useState(n.rules);
  const people = useOptions(n.rules);
  const save = useSaveNotify();
  const hooks = n.webhooks.flatMap((w) => (w.id ? [{ value: w.id, label: w.name }] : []));
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    save.mutate({ rules });
  };
  return (
    <section className="card box" aria-label={t("notices.rules")}>
      <div className="box-head">
        <h2>{t("notices.rules")}</h2>
        {edits && rules.length === 0 && (
          <Btn small onClick={() => setRules(usual())}>
            {t("notices.usual")}
          </Btn>
        )}
      </div>
      <form className="box-body" onSubmit={submit}>
        <p className="small muted">{t("notices.rulesHelp")}</p>
        <ul>
          {SEVERITIES.map((s) => (
            <Rule
              key={s}
              r={ruleOf(rules, s)}
              hooks={hooks}
              people={people}
              edits={edits}
              set={(r) => setRules(withRule(rules, r))}
            />
          ))}
        </ul>
        {save.isError && <ErrorNote error={save.error} />}
        {edits && (
          <div className="row">
            <Btn kind="primary" type="submit" busy={save.isPending}>
              {t("notices.saveRules")}
            </Btn>
          </div>
        )}
      </form>
    </section>
  );
}
