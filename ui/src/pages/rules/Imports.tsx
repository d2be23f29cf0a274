/* SPDX-License-Identifier: Apache-2.0 */
/* What was imported, and taking it out of use again: all rules of one file at once, as they came. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { get, remove } from "../../api/client";
import type { Page, RuleImport } from "../../api/types";
import { may, useSession } from "../../app/session";
import { bytes } from "../../lib/format";
import { Confirm } from "../../ui/Confirm";
import { ErrorNote } from "../../ui/States";
import { Ago } from "../../ui/Time";
import { toast } from "../../ui/toast";

/* `file`: of a rule ("import/NAME/PATH"); only what it came with. */
export function Imports({ file }: { file?: string }): ReactElement | null {
  const { t } = useTranslation();
  const { user } = useSession();
  const client = useQueryClient();
  const list = useQuery({ queryKey: ["rules", "imports"], queryFn: () => get<Page<RuleImport>>("/rules/imports") });
  const drop = useMutation({
    mutationFn: (x: RuleImport) => remove(`/rules/imports/${encodeURIComponent(x.id)}`),
    onSuccess: (_, x) => {
      toast(t("rules.removed", { name: x.name }));
      void client.invalidateQueries({ queryKey: ["rules"] });
    },
  });
  const items = (list.data?.items ?? []).filter((x) => !file || `${file}/`.startsWith(`import/${x.name}/`));
  if (items.length === 0) return list.isError ? <ErrorNote error={list.error} /> : null;
  return (
    <section>
      <h4 className="section-title">{t("rules.imports")}</h4>
      {drop.isError && <ErrorNote error={drop.error} />}
      <ul className="imports">
        {items.map((x) => (
          <li key={x.id}>
            <span className="data cut">{x.name}</span>
            <span className="faint">
              {bytes(x.bytes)} · <Ago at={x.imported} />
            </span>
            {may.share(user, "lead") && (
              <Confirm
                word={t("rules.remove")}
                question={t("rules.askRemove", { name: x.name })}
                onYes={() => drop.mutate(x)}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
