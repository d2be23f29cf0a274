/* SPDX-License-Identifier: Apache-2.0 */
import { Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { api, ApiError } from "../../api/client";
import type { RulesImport } from "../../api/types";
import { both } from "../../i18n/lang";
import { num } from "../../lib/format";
import { DropBox } from "../../ui/DropBox";
import { Mark } from "../../ui/Mark";
import { ErrorNote, Skeleton } from "../../ui/States";
import { Imports } from "./Imports";

export function ImportRules({ opened, close }: { opened: boolean; close: () => void }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: (f: File) =>
      api<RulesImport>("/rules", {
        method: "POST",
        query: { name: f.name },
        body: f,
        type: "application/octet-stream",
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["rules"] }),
  });
  const shut = (): void => {
    send.reset();
    close();
  };
  const r = send.data;
  return (
    <Modal
      opened={opened}
      onClose={shut}
      size="lg"
      title={<b className="strong">{t("rules.import")}</b>}
      closeButtonProps={{ "aria-label": t("act.close") }}
    >
      <div className="form">
        <DropBox onFile={(f) => send.mutate(f)} accept=".yml,.yaml,.zip,.gz,.tgz,.tar" hint={t("rules.importHint")} />
        {send.isPending && <Skeleton rows={3} />}
        {send.isError && <ErrorNote error={send.error} />}
        {send.error instanceof ApiError && (
          <ul className="refused">
            {Object.entries(send.error.errors).map(([where, reason]) => (
              <li key={where}>
                <span className="data">{where}</span>
                <span>{reason}</span>
              </li>
            ))}
          </ul>
        )}
        {r && (
          <>
            <Mark state={r.loaded > 0 ? "met" : "unknown"} word={t("rules.imported", { n: num(r.loaded) })} />
            {r.refused.length > 0 && (
              <Mark state="failed" word={t("rules.importRefused", { n: num(r.refused.length) })} />
            )}
            <ul className="refused">
              {r.refused.slice(0, 200).map((x, i) => (
                <li key={i}>
                  <span className="data">{x.line ? t("rules.at", { file: x.file, line: x.line }) : x.file}</span>
                  <span>{both(x.reason)}</span>
                </li>
              ))}
            </ul>
          </>
        )}
        <Imports />
      </div>
    </Modal>
  );
}
