/* SPDX-License-Identifier: Apache-2.0 */
#include "state/gap_row.h"

#include "base/uuid.h"
#include "state/ledger.h"
#include "state/state.h"

#include <stdio.h>

enum { ID_MAX = 128 };

static bool add_one(struct db *db, const char *unit, const struct gap_note *note, size_t i,
		    struct err *why)
{
	const struct gap_row *r = &note->rows[i];
	char id[ID_MAX];

	snprintf(id, sizeof id, "%.*s/%zu", STR_ARG(note->id), i);
	return db_run(db,
		      "INSERT INTO source_gaps (id, unit, kind, peer, began, ended, bytes, "
		      "connections, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		      DB_VALS(V_Z(id), V_Z(unit), V_TEXT(note->kind), V_TEXT(r->peer),
			      V_TIME(r->from), V_TIME(r->to), V_INT(r->bytes),
			      V_INT(r->connections), V_TEXT(note->reason)),
		      why);
}

static bool known(struct db *db, const struct gap_note *note, bool *out, struct err *why)
{
	char id[ID_MAX];
	int64_t n;

	snprintf(id, sizeof id, "%.*s/0", STR_ARG(note->id));
	if (!db_number(db, "SELECT count(*) FROM source_gaps WHERE id = $1", DB_VALS(V_Z(id)), &n,
		       why))
		return false;
	*out = n > 0;
	return true;
}

/* One entry for the moment: which sender lost how much stands in the rows. */
static bool say(struct db *db, const struct gap_note *note, struct err *why)
{
	int64_t from = note->rows[0].from, to = note->rows[0].to, bytes = 0, connections = 0;

	for (size_t i = 0; i < note->n; i++) {
		from = note->rows[i].from < from ? note->rows[i].from : from;
		to = note->rows[i].to > to ? note->rows[i].to : to;
		bytes += note->rows[i].bytes;
		connections += note->rows[i].connections;
	}
	const struct ledger_note entry = { "canh", "source.gap", note->kind, to };
	return ledger_append(db, &entry,
			     LEDGER_FIELDS(F_TEXT("reason", note->reason), F_INT("from", from),
					   F_INT("to", to), F_INT("bytes_at_most", bytes),
					   F_INT("connections", connections),
					   F_INT("senders", note->n)),
			     NULL, why);
}

static bool add(struct db *db, const struct gap_note *note, struct err *why)
{
	char unit[UUID_MAX];
	bool before;

	if (!known(db, note, &before, why) || !state_unit(db, unit, why))
		return false;
	if (before)
		return true;
	for (size_t i = 0; i < note->n; i++)
		if (!add_one(db, unit, note, i, why))
			return false;
	return db_run(db,
		      "DELETE FROM source_gaps WHERE ended < (SELECT ended FROM source_gaps "
		      "ORDER BY ended DESC LIMIT 1 OFFSET $1)",
		      DB_VALS(V_INT(GAPS_MAX - 1)), why) &&
	       say(db, note, why);
}

bool gap_row_add(struct db *db, const struct gap_note *note, struct err *why)
{
	if (note->n == 0)
		return true;
	return db_begin(db, why) && db_leave(db, add(db, note, why), why);
}

static bool sum(struct db *db, struct str kind, struct str peer, struct gap_sum *out,
		struct err *why)
{
	struct db_rows *r = db_query(db,
				     "SELECT count(*), sum(bytes) FROM source_gaps "
				     "WHERE kind = $1 AND peer = $2",
				     DB_VALS(V_TEXT(kind), V_TEXT(peer)), why);

	if (db_next(r)) {
		out->count = db_int(r, 0);
		out->bytes = db_is_null(r, 1) ? 0 : db_int(r, 1);
	}
	return db_end(r, why);
}

static bool newest(struct db *db, struct arena *a, struct str kind, struct str peer,
		   struct gap_sum *out, struct err *why)
{
	struct db_rows *r = db_query(db,
				     "SELECT began, ended, bytes, connections, reason "
				     "FROM source_gaps WHERE kind = $1 AND peer = $2 "
				     "ORDER BY ended DESC LIMIT $3",
				     DB_VALS(V_TEXT(kind), V_TEXT(peer), V_INT(GAPS_SHOWN)), why);

	while (out->n < GAPS_SHOWN && db_next(r)) {
		out->rows[out->n] = (struct gap_row){ peer, db_time(r, 0), db_time(r, 1),
						      db_int(r, 2), db_int(r, 3) };
		out->reasons[out->n++] = db_keep(r, 4, a);
	}
	return db_end(r, why);
}

bool gap_row_of(struct db *db, struct arena *a, struct str kind, struct str peer,
		struct gap_sum *out, struct err *why)
{
	struct gap_sum got = { .rows = NEW(a, struct gap_row, GAPS_SHOWN),
			       .reasons = NEW(a, struct str, GAPS_SHOWN) };

	if (got.rows == NULL || got.reasons == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	if (!sum(db, kind, peer, &got, why) ||
	    (got.count > 0 && !newest(db, a, kind, peer, &got, why)))
		return false;
	*out = got;
	return true;
}
