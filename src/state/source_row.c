/* SPDX-License-Identifier: Apache-2.0 */
#include "state/source_row.h"

#include "base/uuid.h"
#include "state/ledger.h"
#include "state/state.h"

enum { SOURCES_MOST = 65536 };

bool source_row_all(struct db *db, struct arena *a, struct source_row **out, size_t *n,
		    struct err *why)
{
	int64_t count;
	size_t got = 0;

	if (!db_number(db, "SELECT count(*) FROM source_settings", NULL, 0, &count, why))
		return false;
	size_t most = (size_t)(count < SOURCES_MOST ? count : SOURCES_MOST);
	struct source_row *rows = NEW(a, struct source_row, most + 1);
	if (rows == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct db_rows *r = db_query(db,
				     "SELECT source, name, class, required FROM source_settings "
				     "ORDER BY source LIMIT $1",
				     DB_VALS(V_INT(most)), why);
	while (got < most && db_next(r)) {
		rows[got].source = db_keep(r, 0, a);
		rows[got].name = db_keep(r, 1, a);
		rows[got].class = db_keep(r, 2, a);
		rows[got++].required = db_int(r, 3) != 0;
	}
	if (!db_end(r, why))
		return false;
	*out = rows;
	*n = got;
	return true;
}

static bool put(struct db *db, struct str source, const struct source_patch *p, const char *actor,
		struct err *why)
{
	struct ledger_note note = { actor, "source.changed", source, TIME_NONE };
	struct db_val required = p->has_required ? V_INT(p->required) : V_NULL;
	char unit[UUID_MAX];

	return state_unit(db, unit, why) &&
	       db_run(db,
		      "INSERT INTO source_settings (source, unit, name, class, required, changed, "
		      "changed_by) VALUES ($1, $2, $3, coalesce($4, 'unknown'), coalesce($5, 0), $6, "
		      "$7) ON CONFLICT (source) DO UPDATE SET name = coalesce($3, source_settings.name), "
		      "class = coalesce($4, source_settings.class), required = coalesce($5, source_settings.required), "
		      "changed = $6, changed_by = $7",
		      DB_VALS(V_TEXT(source), V_Z(unit), V_TEXT(p->name), V_TEXT(p->class),
			      required, V_TIME(time_now()), V_Z(actor)),
		      why) &&
	       ledger_append(db, &note,
			     LEDGER_FIELDS(F_TEXT("name", p->name), F_TEXT("class", p->class)),
			     NULL, why);
}

bool source_row_put(struct db *db, struct str source, const struct source_patch *patch,
		    const char *actor, struct err *why)
{
	return db_begin(db, why) && db_leave(db, put(db, source, patch, actor, why), why);
}
