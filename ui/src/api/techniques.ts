/* SPDX-License-Identifier: Apache-2.0 */
/* Attack techniques in our own words, asked for once. */
import { useQuery } from "@tanstack/react-query";
import { get } from "./client";
import type { Both, Page } from "./types";

export interface Technique {
  id: string;
  name: Both;
  text: Both;
}

export interface Named {
  /* as the rule names it: "T1110.001" */
  id: string;
  /* of itself, else of the technique it is a part of; undefined: canh has no words for it */
  told: Technique | undefined;
}

/* The techniques among the tags of a rule, each once. */
export function named(tags: string[], all: Technique[]): Named[] {
  const ids = new Set<string>();
  for (const tag of tags) {
    const m = /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag);
    if (m?.[1]) ids.add(m[1].toUpperCase());
  }
  const by = new Map(all.map((t) => [t.id, t]));
  return [...ids].map((id) => ({ id, told: by.get(id) ?? by.get(id.split(".")[0] ?? "") }));
}

export function useTechniques(tags: string[]): Named[] {
  const all = useQuery({
    queryKey: ["techniques"],
    queryFn: () => get<Page<Technique>>("/techniques"),
    staleTime: Infinity,
    enabled: tags.some((t) => /^attack\.t\d/i.test(t)),
  });
  return named(tags, all.data?.items ?? []);
}
