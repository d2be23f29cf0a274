/* SPDX-License-Identifier: Apache-2.0 */
/* Who watches, now and in the days to come; where nobody does; how people are reached. */
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useDuty } from "../../api/hooks";
import { may, useSession } from "../../app/session";
import { Btn } from "../../ui/Btn";
import { ErrorNote, NotSeen, Skeleton } from "../../ui/States";
import { Contacts } from "./Contacts";
import { ImportRoster } from "./ImportRoster";
import { NewShift } from "./NewShift";
import { Now } from "./Now";
import { Roster } from "./Roster";
import { Week } from "./Week";
import "./duty.css";

export default function DutyPage(): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const [open, setOpen] = useState<"shift" | "file" | null>(null);
  const duty = useDuty();
  const edits = may.share(user, "lead");
  return (
    <div className="sheet-pad">
      <Now />
      <section className="card box" aria-label={t("duty.roster")}>
        <div className="box-head">
          <h2>{t("duty.roster")}</h2>
          {edits && (
            <span className="row">
              <Btn icon="upload" onClick={() => setOpen("file")}>
                {t("duty.import")}
              </Btn>
              <Btn kind="primary" icon="plus" onClick={() => setOpen("shift")}>
                {t("duty.add")}
              </Btn>
            </span>
          )}
        </div>
        {duty.isPending && <Skeleton rows={4} />}
        {duty.isError && <ErrorNote error={duty.error} retry={() => void duty.refetch()} />}
        {duty.data && <Week duty={duty.data} />}
        {duty.data?.items.length === 0 && <NotSeen title={t("duty.none")}>{t("duty.noneWhy")}</NotSeen>}
        {duty.data && duty.data.items.length > 0 && <Roster duty={duty.data} edits={edits} />}
      </section>
      {user.whole && (may.lead(user.role) || user.role === "auditor") && <Contacts edits={edits} />}
      <NewShift opened={open === "shift"} close={() => setOpen(null)} />
      <ImportRoster opened={open === "file"} close={() => setOpen(null)} />
    </div>
  );
}
