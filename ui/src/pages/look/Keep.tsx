/* SPDX-License-Identifier: Apache-2.0 */
/* Looking keeps nothing. Whoever wants it kept says so: as events of a source he names, or as a list. */
import { TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { Kept, Look } from "../../api/typesLook";
import { may, useSession } from "../../app/session";
import { num } from "../../lib/format";
import { href } from "../../lib/route";
import { Btn } from "../../ui/Btn";
import { Icon } from "../../ui/Icon";
import { ErrorNote } from "../../ui/States";
import { toast } from "../../ui/toast";
import { ImportDialog } from "../lists/ImportDialog";
import { keptQuery, sourceName } from "./model";

function Done({ k, source, l }: { k: Kept; source: string; l: Look }): ReactElement {
  const { t } = useTranslation();
  const dropped = Object.entries(k.dropped).filter(([, n]) => n > 0);
  return (
    <div className={dropped.length + k.lost.length > 0 ? "note unknown" : "note"} role="status">
      <Icon name={dropped.length + k.lost.length > 0 ? "warn" : "check"} />
      <span className="grow">
        {t("look.kept", { n: num(k.stored), all: num(k.received), source })}{" "}
        {dropped.map(([why, n]) => `${t("look.dropped", { n: num(n), why })} `)}
        {k.lost.map((f, i) => (
          <span key={i} className="block">
            {f.file && <span className="data">{f.file}: </span>}
            {f.reason}
          </span>
        ))}
      </span>
      {k.stored > 0 && (
        <a className="btn small" href={href(["events"], { q: keptQuery(source), from: l.first, to: l.last })}>
          {t("look.openKept")}
        </a>
      )}
    </div>
  );
}

function AsEvents({ l, file }: { l: Look; file: File }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [source, setSource] = useState(() => sourceName(file.name));
  const name = source.trim().normalize("NFC");
  const keep = useMutation({
    mutationFn: (as: string) =>
      api<Kept>("/look/keep", {
        method: "POST",
        query: { source: as, name: file.name },
        body: file,
        type: "application/octet-stream",
      }),
    onSuccess: (k, as) => {
      toast(t("look.kept", { n: num(k.stored), all: num(k.received), source: as }));
      for (const key of ["sources", "events", "alerts", "board"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    if (name !== "") keep.mutate(name);
  };
  return (
    <form className="form look-keep" onSubmit={submit}>
      <TextInput
        label={t("look.source")}
        description={t("look.sourceHelp")}
        name="source"
        maxLength={200}
        value={source}
        error={name === "" ? t("look.sourceNeeded") : undefined}
        onChange={(e) => setSource(e.currentTarget.value)}
      />
      {keep.isError && <ErrorNote error={keep.error} />}
      {keep.data && <Done k={keep.data} source={keep.variables} l={l} />}
      <div className="row wrap">
        <Btn kind="primary" type="submit" busy={keep.isPending} disabled={name === ""}>
          {t("look.keepEvents", { n: num(l.records) })}
        </Btn>
      </div>
    </form>
  );
}

export function Keep({ l, file, discard }: { l: Look; file: File; discard: () => void }): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const [listing, setListing] = useState(false);
  const entries = Object.values(l.list?.types ?? {}).reduce((a, b) => a + b, 0);
  const share = may.share(user, "triage");
  const events = l.records > 0 && l.kind !== "list";
  return (
    <section className="card box" aria-label={t("look.keep")}>
      <div className="box-head">
        <h2>{t("look.keep")}</h2>
        <span className="faint small">{t("look.notKept")}</span>
      </div>
      <div className="box-body form">
        {!share && <div className="note">{t("look.keepWhole")}</div>}
        {share && events && <AsEvents l={l} file={file} />}
        <div className="row wrap">
          {share && entries > 0 && (
            <Btn kind={l.kind === "list" ? "primary" : "quiet"} icon="lists" onClick={() => setListing(true)}>
              {t("look.keepList", { n: num(entries) })}
            </Btn>
          )}
          <Btn kind="quiet" icon="x" onClick={discard}>
            {t("look.discard")}
          </Btn>
        </div>
      </div>
      <ImportDialog opened={listing} close={() => setListing(false)} given={file} />
    </section>
  );
}
