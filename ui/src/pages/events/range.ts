/* SPDX-License-Identifier: Apache-2.0 */
export const PRESETS = ["15m", "1h", "12h", "24h", "7d", "30d", "all"] as const;
export type Preset = (typeof PRESETS)[number];

const UNIT: Record<string, number> = { m: 60, h: 3600, d: 86400 };

export interface Range {
  preset: Preset | "custom";
  from: string | null;
  to: string | null;
}

export function seconds(preset: string): number | null {
  const m = /^(\d+)([mhd])$/.exec(preset);
  return m ? Number(m[1]) * (UNIT[m[2] ?? ""] ?? 0) : null;
}

/* The range of an address: a preset counts back from when the question was asked. */
export function readRange(query: URLSearchParams, asked: number): Range {
  const from = query.get("from");
  const to = query.get("to");
  if (from || to) return { preset: "custom", from, to };
  const preset = PRESETS.find((p) => p === query.get("range")) ?? "24h";
  const s = seconds(preset);
  return { preset, from: s === null ? null : new Date(asked - s * 1000).toISOString(), to: null };
}

/* Top values of the fields that tell most, over the rows that are loaded. */
export const FACETS = [
  "host.name",
  "source.ip",
  "destination.ip",
  "user.name",
  "event.action",
  "event.outcome",
  "network.direction",
  "event.code",
  "url.path",
  "http.response.status_code",
];

export interface Facet {
  field: string;
  distinct: number;
  top: { value: string; n: number }[];
}

export function facets(rows: { fields: Record<string, unknown> }[], max = 6): Facet[] {
  const out: Facet[] = [];
  for (const field of FACETS) {
    const counts = new Map<string, number>();
    for (const row of rows) {
      const v = row.fields[field];
      const one = Array.isArray(v) ? (v[0] as unknown) : v;
      if (one !== undefined && one !== null && one !== "") counts.set(String(one), (counts.get(String(one)) ?? 0) + 1);
    }
    if (counts.size === 0) continue;
    const top = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 5);
    out.push({ field, distinct: counts.size, top: top.map(([value, n]) => ({ value, n })) });
  }
  return out.slice(0, max);
}
