/* SPDX-License-Identifier: Apache-2.0 */
/* The board says what of the first run is still missing: until then its figures stand on less than they seem to. */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useSetup } from "../../api/hooks";
import { may, useSession } from "../../app/session";
import { href } from "../../lib/route";
import { Icon } from "../../ui/Icon";

export function SetupStrip(): ReactElement | null {
  const { t } = useTranslation();
  const { user } = useSession();
  const setup = useSetup();
  const open = setup.data?.items.filter((s) => !s.done) ?? [];
  const first = open[0];
  if (!first || !user.whole) return null;
  return (
    <div className="strip-warn setup-strip" role="status">
      <Icon name="warn" />
      <span className="grow">
        <b className="strong">{t("setup.boardOpen", { n: open.length })}</b>{" "}
        {open.map((s) => t(`setup.missing.${s.missing ?? s.id}`)).join("; ")}.
      </span>
      {may.setUp(user.role) && (
        <a className="t-accent strong nowrap" href={href(["setup", first.id])}>
          {t("setup.goOn")}
        </a>
      )}
    </div>
  );
}
