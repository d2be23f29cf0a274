/* SPDX-License-Identifier: Apache-2.0 */
/* lists_put.c - which lists were in use, as reports and receipts tell it. */
#include "base/jsonw.h"
#include "detect/lists.h"

void list_set_put(struct jsonw *w, const struct list_set *set)
{
	size_t n = set == NULL ? 0 : list_set_lists(set);

	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++) {
		const struct list_info *l = list_set_list(set, i);

		jsonw_open(w, '{');
		jsonw_kv_str(w, "name", l->name);
		jsonw_kv_str(w, "kind", str_of(list_kind_name((enum list_kind)l->kind)));
		jsonw_kv_int(w, "entries", (int64_t)l->entries);
		jsonw_kv_int(w, "bad_lines", (int64_t)l->bad_lines);
		jsonw_kv_str(w, "sha256", str_of(l->sha256));
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}
