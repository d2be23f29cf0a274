/* SPDX-License-Identifier: Apache-2.0 */
import { TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import type { Notify, Webhook } from "../../api/types";
import { Btn } from "../../ui/Btn";
import { Confirm } from "../../ui/Confirm";
import { ErrorNote } from "../../ui/States";
import { Trial } from "./Mail";
import { isRule } from "./model";
import { useSaveNotify } from "./NotifySettings";

/* As it goes back: what is left out stays as it is. */
const kept = (w: Webhook): Webhook => ({ ...(w.id ? { id: w.id } : {}), name: w.name });

function Item({ w, edits, onDrop }: { w: Webhook; edits: boolean; onDrop: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <li className="notify-item">
      <div className="row wrap">
        <b className="strong">{w.name}</b>
        <span className="data grow cut">{w.url}</span>
        {w.secret_set && <span className="small muted">{t("notices.signed")}</span>}
        {edits && <Confirm word={t("act.remove")} question={t("notices.askHook")} onYes={onDrop} />}
      </div>
      {edits && w.id && <Trial channel={w.id} />}
    </li>
  );
}

export function Webhooks({ n, edits }: { n: Notify; edits: boolean }): ReactElement {
  const { t } = useTranslation();
  const [w, set] = useState<Webhook>({ name: "", url: "", secret: "" });
  const save = useSaveNotify();
  const errors = save.error instanceof ApiError ? save.error.errors : {};
  const at = `webhooks[${n.webhooks.length}]`;
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    const made: Webhook = { name: w.name.trim().normalize("NFC"), url: (w.url ?? "").trim() };
    if (w.secret) made.secret = w.secret;
    save.mutate({ webhooks: [...n.webhooks.map(kept), made] });
  };
  const text = (key: "name" | "url" | "secret"): Record<string, unknown> => ({
    label: t(`notices.hook.${key}`),
    name: `hook_${key}`,
    value: w[key] ?? "",
    error: errors[`${at}.${key}`],
    onChange: (e: { currentTarget: { value: string } }) => set({ ...w, [key]: e.currentTarget.value }),
  });
  return (
    <section className="card box" aria-label={t("notices.webhooks")}>
      <div className="box-head">
        <h2>{t("notices.webhooks")}</h2>
      </div>
      <div className="box-body">
        <p className="small muted">{t("notices.webhooksHelp")}</p>
        <ul>
          {n.webhooks.map((x) => (
            <Item
              key={x.id ?? x.name}
              w={x}
              edits={edits}
              onDrop={() =>
                save.mutate({
                  webhooks: n.webhooks.filter((y) => y.id !== x.id).map(kept),
                  rules: n.rules
                    .map((r) => ({ ...r, webhooks: (r.webhooks ?? []).filter((id) => id !== x.id) }))
                    .filter(isRule),
                })
              }
            />
          ))}
        </ul>
        {edits && (
          <form className="form notify-item" onSubmit={submit}>
            <div className="form-2">
              <TextInput {...text("name")} />
              <TextInput {...text("url")} placeholder="https://" classNames={{ input: "data" }} />
              <TextInput {...text("secret")} autoComplete="off" classNames={{ input: "data" }} />
            </div>
            {save.isError && !Object.keys(errors).some((k) => k.startsWith(at)) && <ErrorNote error={save.error} />}
            <div className="row">
              <Btn type="submit" icon="plus" busy={save.isPending} disabled={w.name.trim() === "" || !w.url}>
                {t("notices.addHook")}
              </Btn>
            </div>
          </form>
        )}
      </div>
    </section>
  );
}
