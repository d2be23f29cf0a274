/* SPDX-License-Identifier: Apache-2.0 */
/* A snippet with its blanks filled: this server's address, a token made here. */
import { TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../../api/client";
import type { Doors, Token } from "../../api/types";
import { may, useSession } from "../../app/session";
import { both } from "../../i18n/lang";
import { Btn, Chip } from "../../ui/Btn";
import { Copy } from "../../ui/Copy";
import { ErrorNote } from "../../ui/States";
import {
  cutAddress,
  doorKind,
  doorOf,
  filled,
  guessHost,
  inUrl,
  needsToken,
  pieces,
  PORTS,
  type Wanted,
} from "./model";

export interface Made {
  id: string;
  name: string;
  token: string;
}

interface PasteProps {
  want: Wanted;
  at: number;
  doors: Doors;
  made: Made | null;
  device: string;
  onWay: (n: number) => void;
  onDevice: (text: string) => void;
  onMade: (made: Made) => void;
}

function useValues(want: Wanted, doors: Doors, host: string, made: Made | null): Record<string, string> {
  const { t } = useTranslation();
  const door = doorOf(doors, want.way.door);
  const port = door ? cutAddress(door.address).port : PORTS[doorKind(want.way.door)];
  return {
    host,
    port,
    url: `${doors.secure ? "https" : "http"}://${inUrl(host)}:${port}`,
    name: made?.name ?? "",
    token: made?.token ?? t("setup.tokenBlank"),
  };
}

function TokenButton({ want, onMade }: { want: Wanted; onMade: (made: Made) => void }): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: () =>
      post<Token>("/tokens", { name: `${want.snippet.id}-${Date.now().toString(36).slice(-5)}`, role: "source" }),
    onSuccess: (x) => {
      void client.invalidateQueries({ queryKey: ["tokens"] });
      onMade({ id: x.id, name: x.name, token: x.token ?? "" });
    },
  });
  if (!may.admin(user.role)) return <p className="note">{t("setup.tokenAdmin")}</p>;
  return (
    <div className="row wrap">
      <Btn kind="primary" icon="lock" busy={make.isPending} onClick={() => make.mutate()}>
        {t("setup.makeToken")}
      </Btn>
      <span className="small muted">{t("setup.makeTokenHelp")}</span>
      {make.isError && <ErrorNote error={make.error} />}
    </div>
  );
}

/* The certificate as a file; made here, nothing is fetched. */
function CaFile({ pem }: { pem: string }): ReactElement {
  const { t } = useTranslation();
  const save = (): void => {
    const at = URL.createObjectURL(new Blob([pem], { type: "application/x-pem-file" }));
    const a = document.createElement("a");
    a.href = at;
    a.download = "canh-ca.pem";
    a.click();
    URL.revokeObjectURL(at);
  };
  return (
    <Btn small icon="down" onClick={save}>
      {t("setup.ca")}
    </Btn>
  );
}

function Code({ want, values, doors }: { want: Wanted; values: Record<string, string>; doors: Doors }): ReactElement {
  const { t } = useTranslation();
  const { way } = want;
  const text = filled(way.text, values);
  const secure = way.door === "tls" || (doorKind(way.door) === "http" && doors.secure);
  return (
    <div className="code-box">
      <header>
        <span className="cut data">{way.file ?? t("setup.commandLine")}</span>
        <span className="grow" />
        {secure && doors.ca && <CaFile pem={doors.ca} />}
        <Copy text={text} />
      </header>
      <pre className="data" tabIndex={0} aria-label={both(want.snippet.title)} data-testid="snippet">
        {pieces(way.text, values).map((p, i) => (p.filled ? <mark key={i}>{p.text}</mark> : p.text))}
      </pre>
    </div>
  );
}

export function Paste({ want, at, doors, made, device, onWay, onDevice, onMade }: PasteProps): ReactElement {
  const { t } = useTranslation();
  const [host, setHost] = useState(() => guessHost(doors, location.hostname));
  const values = useValues(want, doors, host.trim() || "canh", made);
  const { snippet, way } = want;
  return (
    <>
      <header className="setup-one-head">
        <h3>{both(snippet.title)}</h3>
        <p>{both(snippet.about)}</p>
      </header>
      <div className="chips wrap" role="group" aria-label={t("setup.ways")}>
        {snippet.ways.map((w, i) => (
          <Chip key={w.door + String(i)} on={i === at} onClick={() => onWay(i)}>
            {both(w.title)}
          </Chip>
        ))}
      </div>
      <div className="form-2">
        <TextInput
          label={t("setup.host")}
          name="host"
          list="own-addresses"
          classNames={{ input: "data" }}
          value={host}
          onChange={(e) => setHost(e.currentTarget.value)}
        />
        {doorKind(way.door) !== "http" && (
          <TextInput
            label={t("setup.device")}
            name="device"
            placeholder="192.0.2.1"
            classNames={{ input: "data" }}
            value={device}
            onChange={(e) => onDevice(e.currentTarget.value)}
          />
        )}
      </div>
      <datalist id="own-addresses">
        {doors.addresses.map((a) => (
          <option key={a} value={a} />
        ))}
      </datalist>
      {needsToken(way) && !made && <TokenButton want={want} onMade={onMade} />}
      <Code want={want} values={values} doors={doors} />
      {made && needsToken(way) && <p className="small muted">{t("setup.tokenOnce", { name: made.name })}</p>}
      <p className="small muted">
        {way.then && `${both(way.then)} `}
        {both(snippet.undo)}
      </p>
    </>
  );
}
