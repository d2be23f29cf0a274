/* SPDX-License-Identifier: Apache-2.0 */
/* One page of keys, on "?" everywhere. */
import { Modal } from "@mantine/core";
import { useEffect, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { go } from "../lib/route";
import { onOpenKeys, useChords, useKeys } from "../lib/keys";
import type { PageRow } from "./pages";

type Row = [string[], string];

const ANYWHERE: Row[] = [
  [["Ctrl", "K"], "command"],
  [["?"], "help"],
  [["Esc"], "close"],
];
const ALERTS: Row[] = [
  [["J", "K"], "move"],
  [["Enter"], "open"],
  [["A"], "ack"],
  [["T"], "true"],
  [["F"], "false"],
  [["H"], "handle"],
  [["U"], "undo"],
  [["M"], "mine"],
  [["C"], "comment"],
  [["X"], "pick"],
  [["/"], "filter"],
  [["N"], "manual"],
];
const EVENTS: Row[] = [
  [["J", "K"], "move"],
  [["/"], "ask"],
  [["Esc"], "close"],
];

/* the letter behind G for each page; of the English name, so that both languages share it */
const GO: Partial<Record<PageRow["name"], string>> = {
  board: "b",
  alerts: "a",
  events: "e",
  duty: "d",
  sources: "s",
  lists: "l",
  rules: "r",
  ledger: "t",
};

function Table({ title, rows }: { title: string; rows: { keys: string[]; says: string }[] }): ReactElement {
  return (
    <section>
      <h3>{title}</h3>
      <dl className="key-table">
        {rows.map((r) => (
          <div key={r.keys.join() + r.says}>
            <dt>
              {r.keys.map((k) => (
                <kbd key={k}>{k}</kbd>
              ))}
            </dt>
            <dd>{r.says}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export default function KeyHelp({ rows }: { rows: PageRow[] }): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  useEffect(() => onOpenKeys(() => setOpen(true)), []);
  useKeys({ "?": () => setOpen(true) });
  const places = rows.flatMap((r) => (GO[r.name] ? [{ name: r.name, key: GO[r.name] ?? "" }] : []));
  useChords("g", Object.fromEntries(places.map((p) => [p.key, () => go([p.name])])));
  const say = (all: Row[]): { keys: string[]; says: string }[] =>
    all.map(([keys, what]) => ({ keys, says: t(`keys.${what}`) }));
  return (
    <Modal
      opened={open}
      onClose={() => setOpen(false)}
      size={760}
      title={<b className="strong">{t("keys.title")}</b>}
      closeButtonProps={{ "aria-label": t("act.close") }}
    >
      <div className="key-page">
        <Table title={t("title.alerts")} rows={say(ALERTS)} />
        <div>
          <Table title={t("keys.anywhere")} rows={say(ANYWHERE)} />
          <Table
            title={t("keys.goto")}
            rows={places.map((p) => ({ keys: ["G", p.key.toUpperCase()], says: t(`title.${p.name}`) }))}
          />
          <Table title={t("title.events")} rows={say(EVENTS)} />
        </div>
      </div>
    </Modal>
  );
}
