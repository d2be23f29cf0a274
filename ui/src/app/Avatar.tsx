/* SPDX-License-Identifier: Apache-2.0 */
import type { ComponentProps, ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "./session";

/* "Nguyễn Văn An" is An: the given name stands last. */
export function initials(name: string): string {
  const parts = name.trim().normalize("NFC").split(/\s+/);
  const last = parts[parts.length - 1] ?? "";
  const first = parts.length > 1 ? (parts[0] ?? "") : "";
  return ((Array.from(first)[0] ?? "") + (Array.from(last)[0] ?? "")).toUpperCase();
}

export function Avatar(props: ComponentProps<"button">): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const name = user.display_name || user.name;
  return (
    <button
      type="button"
      className="avatar"
      aria-haspopup="menu"
      data-initials={initials(name)}
      aria-label={`${t("nav.account")}: ${name}`}
      {...props}
    />
  );
}
