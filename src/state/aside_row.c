/* SPDX-License-Identifier: Apache-2.0 */
#include "state/aside_row.h"

#include "base/uuid.h"
#include "state/ledger.h"
#include "state/state.h"

static bool add(struct db *db, const struct aside_row *row, struct err *why)
{
	const struct ledger_note note = { "canh", "record.set_aside", row->id, row->at };
	char unit[UUID_MAX];

	if (!state_unit(db, unit, why) ||
	    !db_run(db,
		    "INSERT INTO records_aside (id, unit, at, source, bytes, kept, reason, how) "
		    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
		    DB_VALS(V_TEXT(row->id), V_Z(unit), V_TIME(row->at), V_TEXT(row->source),
			    V_INT(row->bytes), V_INT(row->kept), V_TEXT(row->reason),
			    V_TEXT(row->how)),
		    why))
		return false;
	if (db_changes(db) == 0)
		return true;
	return db_run(db,
		      "DELETE FROM records_aside WHERE id < (SELECT id FROM records_aside "
		      "ORDER BY id DESC LIMIT 1 OFFSET $1)",
		      DB_VALS(V_INT(ASIDES_MAX - 1)), why) &&
	       ledger_append(db, &note,
			     LEDGER_FIELDS(F_TEXT("source", row->source),
					   F_INT("bytes", row->bytes),
					   F_TEXT("reason", row->reason), F_TEXT("how", row->how)),
			     NULL, why);
}

bool aside_row_add(struct db *db, const struct aside_row *row, struct err *why)
{
	return db_begin(db, why) && db_leave(db, add(db, row, why), why);
}

#define COLUMNS "SELECT id, source, reason, how, at, bytes, kept FROM records_aside "

static void take(struct db_rows *r, struct arena *a, struct aside_row *out)
{
	*out = (struct aside_row){
		.id = db_keep(r, 0, a),
		.source = db_keep(r, 1, a),
		.reason = db_keep(r, 2, a),
		.how = db_keep(r, 3, a),
		.at = db_time(r, 4),
		.bytes = db_int(r, 5),
		.kept = db_int(r, 6),
	};
}

bool aside_row_list(struct db *db, struct arena *a, struct str below, struct aside_page *page,
		    struct err *why)
{
	size_t most = page->n;
	struct aside_row *rows = NEW(a, struct aside_row, most + 1);
	size_t got = 0;

	if (rows == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	/* ids begin with the time: their order is that of the moments */
	struct db_rows *r =
		db_query(db, COLUMNS "WHERE $1 = '' OR id < $1 ORDER BY id DESC LIMIT $2",
			 DB_VALS(V_TEXT(below.p == NULL ? STR("") : below), V_INT(most)), why);
	while (got < most && db_next(r))
		take(r, a, &rows[got++]);
	if (!db_end(r, why))
		return false;
	*page = (struct aside_page){ rows, got };
	return true;
}

bool aside_row_find(struct db *db, struct arena *a, struct str id, struct aside_row *out,
		    struct err *why)
{
	struct aside_row row = { .at = TIME_NONE };
	struct db_rows *r = db_query(db, COLUMNS "WHERE id = $1", DB_VALS(V_TEXT(id)), why);
	bool found = db_next(r);

	if (found)
		take(r, a, &row);
	if (!db_end(r, why))
		return false;
	if (!found)
		return err_set(why, ERR_ABSENT, 0, "no such record");
	*out = row;
	return true;
}

bool aside_row_count(struct db *db, int64_t since, int64_t *all, int64_t *recent, struct err *why)
{
	return db_number(db, "SELECT count(*) FROM records_aside", NULL, 0, all, why) &&
	       db_number(db, "SELECT count(*) FROM records_aside WHERE at >= $1",
			 DB_VALS(V_TIME(since)), recent, why);
}
