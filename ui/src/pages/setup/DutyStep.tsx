/* SPDX-License-Identifier: Apache-2.0 */
/* Somebody on duty, an address to reach him, a server that carries the letter, and a rule that sends one. */
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useNotify } from "../../api/hooks";
import { may, useSession } from "../../app/session";
import { Btn } from "../../ui/Btn";
import { Skeleton } from "../../ui/States";
import { Contacts } from "../duty/Contacts";
import "../duty/duty.css";
import { NewShift } from "../duty/NewShift";
import { Now } from "../duty/Now";
import { Mail } from "../notices/Mail";
import { MailPath } from "../notices/NotifySettings";
import { Rules } from "../notices/Rules";

function Channels(): ReactElement | null {
  const { t } = useTranslation();
  const { user } = useSession();
  const sees = may.seeAdmin(user.role);
  const notify = useNotify(sees);
  const edits = may.admin(user.role);
  if (!sees) return <div className="note">{t("setup.adminOnly")}</div>;
  if (!notify.data) return <Skeleton />;
  return (
    <>
      <MailPath n={notify.data} />
      <Mail key={JSON.stringify(notify.data.smtp)} n={notify.data} edits={edits} />
      <Rules n={notify.data} edits={edits} />
    </>
  );
}

export function DutyStep(): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const [open, setOpen] = useState(false);
  const edits = may.share(user, "lead");
  return (
    <>
      <Now />
      {edits && (
        <div className="row">
          <Btn kind="primary" icon="plus" onClick={() => setOpen(true)}>
            {t("duty.add")}
          </Btn>
        </div>
      )}
      <Contacts edits={edits} />
      <Channels />
      <NewShift opened={open} close={() => setOpen(false)} />
    </>
  );
}
