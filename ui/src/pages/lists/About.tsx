/* SPDX-License-Identifier: Apache-2.0 */
import { Select, TextInput } from "@mantine/core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { ListKind } from "../../api/types";
import { KINDS, type Draft, type Wrong } from "./model";

interface AboutProps {
  draft: Draft;
  set: (part: Partial<Draft>) => void;
  wrong: Wrong;
}

/* Where the list comes from and what a hit on it means. The kind is never guessed: it decides everything. */
export function About({ draft, set, wrong }: AboutProps): ReactElement {
  const { t } = useTranslation();
  const bind = (key: Exclude<keyof Draft, "kind" | "tlp">) => ({
    name: key,
    value: draft[key],
    onChange: (e: { currentTarget: { value: string } }) => set({ [key]: e.currentTarget.value }),
  });
  const said = (key: keyof Wrong): string | undefined => (wrong[key] ? t(wrong[key]) : undefined);
  return (
    <>
      <Select
        label={t("lists.kindLabel")}
        description={draft.kind ? t(`lists.kindHelp.${draft.kind}`) : undefined}
        inputWrapperOrder={["label", "input", "description", "error"]}
        data={KINDS.map((k) => ({ value: k, label: t(`lists.kind.${k}`) }))}
        value={draft.kind || null}
        error={said("kind")}
        data-testid="kind"
        onChange={(v) => set({ kind: (v ?? "") as ListKind | "" })}
      />
      <div className="form-2">
        <TextInput label={t("lists.name")} error={said("name")} {...bind("name")} />
        <TextInput
          label={t("lists.letter")}
          placeholder="2216/CATTT-NCSC"
          classNames={{ input: "data" }}
          {...bind("letter")}
        />
        <TextInput label={t("lists.issuer")} {...bind("issuer")} />
        <TextInput label={t("lists.month")} placeholder="11/2026" error={said("month")} {...bind("month")} />
        <TextInput label={t("lists.validFrom")} placeholder="01/11/2026" error={said("from")} {...bind("from")} />
        <TextInput label={t("lists.validUntil")} placeholder="31/12/2026" error={said("until")} {...bind("until")} />
        <Select
          label={t("lists.tlp")}
          clearable
          data={["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]}
          value={draft.tlp || null}
          onChange={(v) => set({ tlp: v ?? "" })}
        />
      </div>
    </>
  );
}
