/* SPDX-License-Identifier: Apache-2.0 */
/* How alerts reach people. Each part is saved by itself; what is not named stays as it is. */
import { useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, put } from "../../api/client";
import { useNotify } from "../../api/hooks";
import type { Notify, NotifyDraft } from "../../api/types";
import { may, useSession } from "../../app/session";
import { both } from "../../i18n/lang";
import { Icon } from "../../ui/Icon";
import { ErrorNote, Skeleton } from "../../ui/States";
import { toast } from "../../ui/toast";
import { Mail } from "./Mail";
import { Quiet } from "./Quiet";
import { Rules } from "./Rules";
import { Webhooks } from "./Webhooks";

export type Save = UseMutationResult<Notify, Error, NotifyDraft>;

export function useSaveNotify(): Save {
  const { t } = useTranslation();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: NotifyDraft) => {
      const version = client.getQueryData<Notify>(["notify"])?.version;
      return put<Notify>("/notify", version === undefined ? draft : { ...draft, version });
    },
    onSuccess: (saved) => {
      toast(t("notices.saved"));
      client.setQueryData(["notify"], saved);
      for (const key of ["setup", "board"]) void client.invalidateQueries({ queryKey: [key] });
    },
    onError: (e) => {
      if (e instanceof ApiError && e.status === 412) void client.invalidateQueries({ queryKey: ["notify"] });
    },
  });
}

/* When the mail server itself is attacked, the word of it must not depend on it. */
export function MailPath({ n }: { n: Notify }): ReactElement | null {
  if (!n.mail_path.depends || n.mail_path.second) return null;
  return (
    <div className="note unknown">
      <Icon name="warn" />
      <span>{n.mail_path.reasons.map((r) => both(r)).join(" ")}</span>
    </div>
  );
}

function Parts({ n }: { n: Notify }): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const edits = may.admin(user.role);
  return (
    <>
      {!edits && <div className="note">{t("settings.readOnly")}</div>}
      <MailPath n={n} />
      <div className="pairs">
        <div>
          <Mail key={JSON.stringify(n.smtp)} n={n} edits={edits} />
          <Webhooks key={JSON.stringify(n.webhooks)} n={n} edits={edits} />
        </div>
        <div>
          <Rules key={`rules ${JSON.stringify(n.rules)}`} n={n} edits={edits} />
          <Quiet key={JSON.stringify([n.quiet, n.critical_always, n.exercises])} n={n} edits={edits} />
        </div>
      </div>
    </>
  );
}

export function NotifySettings(): ReactElement {
  const notify = useNotify();
  return (
    <>
      {notify.isPending && <Skeleton />}
      {notify.isError && <ErrorNote error={notify.error} retry={() => void notify.refetch()} />}
      {notify.data && <Parts n={notify.data} />}
    </>
  );
}
