/* SPDX-License-Identifier: Apache-2.0 */
/* The phone: what it must trust before the page opens there, as a code to scan, a file and a fingerprint to compare. */
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import type { Certificate as Told } from "../../api/server";
import { exact, num } from "../../lib/format";
import { Copy } from "../../ui/Copy";
import { Qr } from "../../ui/Qr";
import { ErrorNote, Skeleton } from "../../ui/States";
import { grouped, hosts } from "./certificate";
import "./certificate.css";

/* Days until the end, in words; soon is told by more than colour. */
function Until({ c }: { c: Told }): ReactElement {
  const { t } = useTranslation();
  const left = c.days_left ?? 0;
  const bad = left < (c.own ? 25 : 30);
  return (
    <dd className={bad ? "t-failed" : undefined}>
      {left < 0 ? t("certificate.ended", { n: num(-left) }) : t("certificate.left", { n: num(left) })} ·{" "}
      {exact(c.expires_at)} · {t(c.own ? "certificate.renews" : "certificate.replace")}
    </dd>
  );
}

function Own({ c }: { c: Told }): ReactElement {
  const { t } = useTranslation();
  const all = hosts(c.names ?? [], window.location.hostname);
  const [host, setHost] = useState(all[0] ?? window.location.hostname);
  const url = `https://${host.includes(":") ? `[${host}]` : host}:${c.port}/ca.crt`;
  return (
    <div className="own-ca">
      <Qr text={`${url}#sha256=${c.fingerprint}`} label={t("certificate.qr", { url })} size={212} />
      <ol className="steps">
        <li>
          <Select
            label={t("certificate.host")}
            allowDeselect={false}
            value={host}
            onChange={(v) => setHost(v ?? host)}
            data={all}
          />
          {c.loopback && <div className="note unknown">{t("certificate.loopback")}</div>}
        </li>
        <li>
          {t("certificate.scan")} <code className="data">{url}</code> <Copy text={url} icon />
        </li>
        <li>
          {t("certificate.compare")}
          <code className="data print">{grouped(c.fingerprint)}</code>
        </li>
        <li>{t("certificate.trust")}</li>
        <li className="row">
          <a className="btn" href="ca.crt" download="canh-ca.crt">
            {t("certificate.pem")}
          </a>
          <a className="btn" href="ca.der" download="canh-ca.der">
            {t("certificate.der")}
          </a>
        </li>
      </ol>
    </div>
  );
}

function Shown({ c }: { c: Told }): ReactElement {
  const { t } = useTranslation();
  if (!c.https)
    return (
      <div className="box-body">
        <p>{t("certificate.none")}</p>
        <pre className="data yaml">{"certificate: own\nlisten:\n  http: 0.0.0.0:8443\n"}</pre>
      </div>
    );
  return (
    <div className="box-body">
      {c.own && <Own c={c} />}
      <dl className="facts">
        <div className="fact">
          <dt>{t("certificate.until")}</dt>
          <Until c={c} />
        </div>
        <div className="fact">
          <dt>{t("certificate.names")}</dt>
          <dd className="data">{(c.names ?? []).join(", ")}</dd>
        </div>
        {!c.own && (
          <div className="fact">
            <dt>{t("certificate.print")}</dt>
            <dd className="data print">{grouped(c.fingerprint)}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}

export function Certificate(): ReactElement {
  const { t } = useTranslation();
  const told = useQuery({ queryKey: ["certificate"], queryFn: () => get<Told>("/certificate") });
  return (
    <section className="card box" aria-label={t("certificate.title")}>
      <div className="box-head">
        <h2>{t("certificate.title")}</h2>
      </div>
      {told.isPending && <Skeleton />}
      {told.isError && <ErrorNote error={told.error} retry={() => void told.refetch()} />}
      {told.data && <Shown c={told.data} />}
    </section>
  );
}
