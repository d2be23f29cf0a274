/* SPDX-License-Identifier: Apache-2.0 */
/* Where something belongs, or a role is held: a unit, or a site of it. Nothing to choose while there is one place. */
import { Select } from "@mantine/core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useUnits } from "../api/hooks";
import type { Place, Unit } from "../api/types";
import { useSession } from "../app/session";

interface Option {
  value: string;
  label: string;
}

const keyOf = (p: Place): string => `${p.unit}/${p.site ?? ""}`;
export const placeOf = (key: string): Place => {
  const [unit = "", site = ""] = key.split("/");
  return { unit, site: site === "" ? null : site };
};

/* Each unit under the one above it, its sites behind it; names from the top down. */
export function places(units: Unit[], own: string): Option[] {
  const shown = new Set(units.map((u) => u.id));
  const below = (parent: string | null): Unit[] =>
    units.filter((u) => (parent === null ? u.parent === null || !shown.has(u.parent) : u.parent === parent));
  const walk = (u: Unit, above: string): Option[] => {
    const name = `${above}${u.name || own}`;
    return [
      { value: keyOf({ unit: u.id, site: null }), label: name },
      ...u.sites.map((s) => ({ value: keyOf({ unit: u.id, site: s.id }), label: `${name} · ${s.name}` })),
      ...below(u.id).flatMap((k) => walk(k, u.own ? "" : `${name} / `)),
    ];
  };
  return below(null).flatMap((u) => walk(u, ""));
}

export function usePlaces(): { options: Option[]; many: boolean; nameOf: (p: Place) => string } {
  const { t } = useTranslation();
  const units = useUnits();
  const { user } = useSession();
  const all = places(units.data?.items ?? [], t("units.own"));
  /* a role at one site gives nothing beyond it */
  const options = user.site === null ? all : all.filter((o) => o.value === keyOf(user));
  const nameOf = (p: Place): string => options.find((o) => o.value === keyOf(p))?.label ?? t("units.elsewhere");
  return { options, many: options.length > 1, nameOf };
}

interface WhereProps {
  /* null: where the role of whoever asks is held */
  value: Place | null;
  onChange: (p: Place) => void;
  label: string;
  description?: string;
  /* for a row of a table: no label to see */
  bare?: boolean;
  error?: string | undefined;
}

export function Where({ value, onChange, label, description, bare, error }: WhereProps): ReactElement | null {
  const { user } = useSession();
  const { options, many, nameOf } = usePlaces();
  if (!many) return null;
  const here = keyOf(value ?? user);
  const known = options.some((o) => o.value === here);
  return (
    <Select
      {...(bare ? { "aria-label": label } : { label, description })}
      inputWrapperOrder={["label", "input", "description", "error"]}
      allowDeselect={false}
      searchable={options.length > 12}
      value={here}
      error={error}
      data={known ? options : [{ value: here, label: nameOf(value ?? user) }, ...options]}
      onChange={(v) => v && v !== here && onChange(placeOf(v))}
    />
  );
}
