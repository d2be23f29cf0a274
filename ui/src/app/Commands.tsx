/* SPDX-License-Identifier: Apache-2.0 */
/* Ctrl+K: go to a page, or search the events for what is typed. */
import { Modal } from "@mantine/core";
import { Spotlight } from "@mantine/spotlight";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { fold } from "../lib/query";
import { go } from "../lib/route";
import { Icon } from "../ui/Icon";
import type { PageRow } from "./pages";

export default function Commands({ rows }: { rows: PageRow[] }): ReactElement {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const wanted = fold(query.trim());
  const found = rows.filter((r) => fold(t(`title.${r.name}`)).includes(wanted));
  return (
    <Spotlight.Root
      shortcut={null} /* Shell hears it before this is here */
      query={query}
      onQueryChange={setQuery}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      transitionProps={{ duration: 90 }}
    >
      <Modal.Title className="sr-only">{t("shell.searchOrCommand")}</Modal.Title>
      <Spotlight.Search
        leftSection={<Icon name="search" />}
        placeholder={t("shell.searchOrCommand")}
        aria-label={t("shell.searchOrCommand")}
      />
      <Spotlight.ActionsList>
        {found.map((r) => (
          <Spotlight.Action
            key={r.name}
            label={t(`title.${r.name}`)}
            leftSection={<Icon name={r.icon} />}
            onClick={() => go([r.name])}
          />
        ))}
        {wanted !== "" && (
          <Spotlight.Action
            label={t("shell.searchEvents", { q: query.trim() })}
            leftSection={<Icon name="search" />}
            onClick={() => go(["events"], { q: query.trim() })}
          />
        )}
        {wanted === "" && found.length === 0 && <Spotlight.Empty>{t("shell.noCommand")}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
