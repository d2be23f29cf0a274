/* SPDX-License-Identifier: Apache-2.0 */
/* Ctrl+K: go to a page, or search the events for what is typed. */
import { Spotlight, type SpotlightActionData } from "@mantine/spotlight";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { fold } from "../lib/query";
import { go } from "../lib/route";
import { Icon } from "../ui/Icon";
import type { PageRow } from "./pages";

export function Commands({ rows }: { rows: PageRow[] }): ReactElement {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const wanted = fold(query.trim());
  const actions: SpotlightActionData[] = rows
    .map((r) => ({
      id: r.name,
      label: t(`title.${r.name}`),
      leftSection: <Icon name={r.icon} />,
      onClick: () => go([r.name]),
    }))
    .filter((a) => fold(a.label).includes(wanted));
  if (query.trim() !== "")
    actions.push({
      id: "search",
      label: t("shell.searchEvents", { q: query.trim() }),
      leftSection: <Icon name="search" />,
      onClick: () => go(["events"], { q: query.trim() }),
    });
  return (
    <Spotlight
      actions={actions}
      filter={(_, list) => list}
      query={query}
      onQueryChange={setQuery}
      nothingFound={t("shell.noCommand")}
      highlightQuery
      searchProps={{
        leftSection: <Icon name="search" />,
        placeholder: t("shell.searchOrCommand"),
        "aria-label": t("shell.searchOrCommand"),
      }}
    />
  );
}
