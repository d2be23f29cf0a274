/* SPDX-License-Identifier: Apache-2.0 */
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useUsers } from "../../api/hooks";
import { may, useSession } from "../../app/session";
import { Btn } from "../../ui/Btn";
import { ErrorNote, Skeleton } from "../../ui/States";
import { NewUser, type Made } from "./NewUser";
import { Tokens } from "./Tokens";
import { UserRows } from "./UserRows";
import "./users.css";

export default function UsersPage(): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  const list = useUsers(true);
  const canWrite = may.admin(user.role);
  return (
    <div className="sheet-pad">
      <section className="card box" aria-label={t("users.people")}>
        <div className="box-head">
          <h2>{t("users.people")}</h2>
          {canWrite && (
            <Btn kind="primary" icon="plus" onClick={() => setAdding(true)}>
              {t("users.add")}
            </Btn>
          )}
        </div>
        {list.isPending && <Skeleton />}
        {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
        {list.data && <UserRows users={list.data.items} canWrite={canWrite} me={user.id} onInvited={setMade} />}
      </section>
      <Tokens canWrite={canWrite} />
      <NewUser opened={adding} made={made} setMade={setMade} close={() => setAdding(false)} />
    </div>
  );
}
