/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/given.h"

#include "base/num.h"
#include "state/source_row.h"

bool given_load(struct arena *a, struct db *db, struct source_given **out, size_t *n,
		struct err *why)
{
	struct source_row *rows;
	size_t count, kept = 0;

	if (!source_row_all(db, a, &rows, &count, why))
		return false;
	struct source_given *given = NEW(a, struct source_given, count + 1);
	if (given == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (size_t i = 0; i < count; i++) {
		uint64_t id;

		if (rows[i].name.n > 0 && num_parse(rows[i].source, 1, UINT32_MAX, &id))
			given[kept++] = (struct source_given){ (uint32_t)id, rows[i].name };
	}
	*out = given;
	*n = kept;
	return true;
}

void given_write(struct jsonw *w, const struct source_given *given, size_t n)
{
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++) {
		jsonw_open(w, '{');
		jsonw_kv_int(w, "id", given[i].id);
		jsonw_kv_str(w, "name", given[i].name);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

bool given_read(struct arena *a, const struct json *list, struct source_given **out, size_t *n,
		struct err *why)
{
	struct source_given *given = NEW(a, struct source_given, json_count(list) + 1);
	size_t kept = 0;

	if (given == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *j = json_at(list, i);
		struct str name = json_get_str(j, "name");
		int64_t id;

		if (name.n > 0 && json_int(json_get(j, "id"), &id) && id >= 1 && id <= UINT32_MAX)
			given[kept++] = (struct source_given){ (uint32_t)id, name };
	}
	*out = given;
	*n = kept;
	return true;
}
