/* SPDX-License-Identifier: Apache-2.0 */
/* A file that is held out: what it is, when it was, what rules and lists say of it; kept only if one chooses to. */
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { Look } from "../../api/typesLook";
import { holdOut, letGo, useHeld } from "../../app/held";
import { bytes, num } from "../../lib/format";
import { Btn } from "../../ui/Btn";
import { DropBox } from "../../ui/DropBox";
import { ErrorNote, Skeleton } from "../../ui/States";
import { toast } from "../../ui/toast";
import { BadLines, Types } from "../lists/ListDrawer";
import { Hits } from "./Hits";
import { Keep } from "./Keep";
import "./look.css";
import { MAX_BYTES } from "./model";
import { Timeline } from "./Timeline";
import { What } from "./What";

const ask = (file: File): Promise<Look> =>
  api<Look>("/look", { method: "POST", body: file, type: "application/octet-stream" });

function AsList({ l }: { l: Look }): ReactElement | null {
  const { t } = useTranslation();
  if (!l.list) return null;
  const entries = Object.values(l.list.types).reduce((a, b) => a + b, 0);
  return (
    <section className="card box" aria-label={t("look.asList")}>
      <div className="box-head">
        <h2>{t("look.asList")}</h2>
        <span className="faint small">{t("look.listRows", { n: num(l.list.rows) })}</span>
      </div>
      <div className="look-what">
        <div className="row wrap">
          <b className="strong">{t("lists.usable", { n: num(entries) })}</b>
          <Types types={l.list.types} />
        </div>
        {l.list.bad.length > 0 && (
          <details>
            <summary className="t-unknown strong">
              {t("lists.badLines", { n: num(l.list.bad_lines ?? l.list.bad.length) })}
            </summary>
            <BadLines bad={l.list.bad} />
          </details>
        )}
      </div>
    </section>
  );
}

function Told({ l, file, discard }: { l: Look; file: File; discard: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <What l={l} name={file.name} />
      {l.kind === "list" && <AsList l={l} />}
      {l.timeline && (
        <section className="card box" aria-label={t("look.timeline")}>
          <div className="box-head">
            <h2>{t("look.timeline")}</h2>
          </div>
          <Timeline t={l.timeline} />
        </section>
      )}
      {l.records > 0 && <Hits l={l} />}
      <Keep l={l} file={file} discard={discard} />
    </>
  );
}

/* From the second on: how long it takes depends on the file and the rules in force. */
function Waiting({ file }: { file: File }): ReactElement {
  const { t } = useTranslation();
  const [s, setS] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setS((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <section className="card box" aria-busy="true">
      <p className="pad-x look-wait" role="status">
        <b className="strong">{t("look.reading", { name: file.name, size: bytes(file.size) })}</b>
        {s > 0 && <span className="faint num"> {t("look.seconds", { n: num(s) })}</span>}
      </p>
      <Skeleton rows={5} />
    </section>
  );
}

function One({ file }: { file: File }): ReactElement {
  const { t } = useTranslation();
  const look = useMutation({ mutationFn: ask });
  const { mutate } = look;
  const tooLarge = file.size > MAX_BYTES;
  useEffect(() => {
    if (!tooLarge && file.size > 0) mutate(file);
  }, [file, tooLarge, mutate]);
  const discard = (): void => {
    letGo();
    toast(t("look.discarded", { name: file.name }));
  };
  return (
    <>
      <div className="row wrap">
        <Btn small icon="upload" onClick={letGo}>
          {t("look.another")}
        </Btn>
      </div>
      {file.size === 0 && <div className="note unknown">{t("look.empty", { name: file.name })}</div>}
      {tooLarge && (
        <div className="note unknown" role="alert">
          {t("look.tooLarge", { name: file.name, size: bytes(file.size), most: bytes(MAX_BYTES) })}
        </div>
      )}
      {look.isPending && <Waiting file={file} />}
      {look.isError && <ErrorNote error={look.error} retry={() => mutate(file)} />}
      {look.data && <Told l={look.data} file={file} discard={discard} />}
    </>
  );
}

export default function LookPage(): ReactElement {
  const { t } = useTranslation();
  const held = useHeld();
  return (
    <div className="sheet-pad look">
      {held ? (
        <One key={held.turn} file={held.file} />
      ) : (
        <>
          <p className="muted">{t("look.intro")}</p>
          <DropBox onFile={holdOut} hint={t("look.hint")} />
        </>
      )}
    </div>
  );
}
