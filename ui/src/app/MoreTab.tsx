/* SPDX-License-Identifier: Apache-2.0 */
import type { ComponentProps, ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../ui/Icon";

export function MoreTab({ current, ...rest }: ComponentProps<"button"> & { current: boolean }): ReactElement {
  const { t } = useTranslation();
  return (
    <button type="button" aria-haspopup="menu" aria-current={current ? "page" : undefined} {...rest}>
      <Icon name="more" />
      {t("nav.more")}
    </button>
  );
}
