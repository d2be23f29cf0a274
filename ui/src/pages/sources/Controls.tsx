/* SPDX-License-Identifier: Apache-2.0 */
/* canh's own tests of the rules and of each door: how they stand, and sending them now. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../../api/client";
import { useControls } from "../../api/hooks";
import type { Control } from "../../api/types";
import { may, useSession } from "../../app/session";
import { both } from "../../i18n/lang";
import { Btn } from "../../ui/Btn";
import { Mark } from "../../ui/Mark";
import { ErrorNote } from "../../ui/States";
import { Ago } from "../../ui/Time";
import { toast } from "../../ui/toast";
import { PROOF } from "./Proof";

const AFTER_MS = [1500, 4000, 8000];

function Test({ c }: { c: Control }): ReactElement {
  const { t } = useTranslation();
  const kind = c.subject.split(" ")[0] ?? "";
  const address = c.subject.slice(kind.length + 1);
  const name = c.kind === "rules" ? t("sources.controlRules") : t(`sources.kind.${kind}`, kind);
  const at = c.state === "failed" ? c.last_failed : c.last_passed;
  return (
    <li>
      <Mark state={PROOF[c.state]} word={name} /> {address && <span className="data small">{address}</span>}{" "}
      <span className="small muted">{at ? <Ago at={at} /> : t("sources.noControl")}</span>
      {c.state !== "passed" && c.reason && (
        <p className={c.state === "failed" ? "small sentence t-failed" : "small sentence t-unknown"}>
          {both(c.reason)}
          {c.next && <span className="ink">. {both(c.next)}</span>}
        </p>
      )}
    </li>
  );
}

export function Controls(): ReactElement | null {
  const { t } = useTranslation();
  const { user } = useSession();
  const client = useQueryClient();
  const list = useControls();
  const again = (): void => {
    void client.invalidateQueries({ queryKey: ["controls"] });
    void client.invalidateQueries({ queryKey: ["sources"] });
  };
  const send = useMutation({
    mutationFn: () => post<null>("/controls"),
    onSuccess: () => {
      toast(t("sources.controlSent"));
      for (const ms of AFTER_MS) window.setTimeout(again, ms);
    },
  });
  if (!list.data) return null;
  const { items, policy_fault: fault } = list.data;
  return (
    <details className="controls" open={fault !== null || items.some((c) => c.state === "failed")}>
      <summary>
        <b className="strong">{t("sources.controls")}</b>{" "}
        <span className="small muted">
          {items.filter((c) => c.state === "passed").length}/{items.length} {t("board.passed")}
        </span>
      </summary>
      <p className="small muted">{t("sources.controlsHelp")}</p>
      {fault && (
        <div className="note failed">
          {t("sources.policyFault", { file: fault.file, line: fault.line, reason: both(fault.reason) })}
        </div>
      )}
      <ul className="tests">
        {items.map((c) => (
          <Test key={`${c.kind} ${c.subject}`} c={c} />
        ))}
      </ul>
      {send.isError && <ErrorNote error={send.error} />}
      {may.lead(user.role) && (
        <Btn busy={send.isPending} onClick={() => send.mutate()}>
          {t("sources.controlSend")}
        </Btn>
      )}
    </details>
  );
}
