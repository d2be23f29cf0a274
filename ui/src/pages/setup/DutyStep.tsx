/* SPDX-License-Identifier: Apache-2.0 */
/* Somebody on duty, and how he is reached. */
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { may, useSession } from "../../app/session";
import { Btn } from "../../ui/Btn";
import { Contacts } from "../duty/Contacts";
import "../duty/duty.css";
import { NewShift } from "../duty/NewShift";
import { Now } from "../duty/Now";

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
      <NewShift opened={open} close={() => setOpen(false)} />
    </>
  );
}
