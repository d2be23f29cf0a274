/* SPDX-License-Identifier: Apache-2.0 */
#include "state/source_row.h"

#include "base/crypt.h"
#include "base/hash.h"
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
				     "SELECT source, name, class, required, off_until, off_by, "
				     "off_reason, heartbeat_since FROM source_settings "
				     "ORDER BY source LIMIT $1",
				     DB_VALS(V_INT(most)), why);
	while (got < most && db_next(r)) {
		rows[got].source = db_keep(r, 0, a);
		rows[got].name = db_keep(r, 1, a);
		rows[got].class = db_keep(r, 2, a);
		rows[got].required = db_int(r, 3) != 0;
		rows[got].off_until = db_time(r, 4);
		rows[got].off_by = db_keep(r, 5, a);
		rows[got].off_reason = db_keep(r, 6, a);
		rows[got++].beat_since = db_time(r, 7);
	}
	if (!db_end(r, why))
		return false;
	*out = rows;
	*n = got;
	return true;
}

static bool make(struct db *db, struct str source, const char *actor, struct err *why)
{
	char unit[UUID_MAX];

	return state_unit(db, unit, why) &&
	       db_run(db,
		      "INSERT INTO source_settings (source, unit, changed, changed_by)"
		      " VALUES ($1, $2, $3, $4) ON CONFLICT (source) DO UPDATE SET"
		      " changed = excluded.changed, changed_by = excluded.changed_by",
		      DB_VALS(V_TEXT(source), V_Z(unit), V_TIME(time_now()), V_Z(actor)), why);
}

static bool put_off(struct db *db, struct str source, const struct source_patch *p, struct err *why)
{
	bool on = p->off_until == TIME_NONE;

	return !p->has_off ||
	       db_run(db,
		      "UPDATE source_settings SET off_until = $2, off_by = $3, off_reason = $4"
		      " WHERE source = $1",
		      DB_VALS(V_TEXT(source), V_TIME(p->off_until), on ? V_NULL : V_TEXT(p->off_by),
			      on ? V_NULL : V_TEXT(p->off_reason)),
		      why);
}

static bool put(struct db *db, struct str source, const struct source_patch *p, const char *actor,
		struct err *why)
{
	struct ledger_note note = { actor, "source.changed", source, TIME_NONE };
	struct db_val required = p->has_required ? V_INT(p->required) : V_NULL;
	char until[TIME_TEXT_MAX] = "";

	if (p->has_off && p->off_until != TIME_NONE)
		time_rfc3339(p->off_until, until);
	return make(db, source, actor, why) && put_off(db, source, p, why) &&
	       db_run(db,
		      "UPDATE source_settings SET name = coalesce($2, name),"
		      " class = coalesce($3, class), required = coalesce($4, required)"
		      " WHERE source = $1",
		      DB_VALS(V_TEXT(source), V_TEXT(p->name), V_TEXT(p->class), required), why) &&
	       ledger_append(db, &note,
			     LEDGER_FIELDS(F_TEXT("name", p->name), F_TEXT("class", p->class),
					   F_Z("off_until", until),
					   F_TEXT("off_reason", p->off_reason)),
			     NULL, why);
}

bool source_row_put(struct db *db, struct str source, const struct source_patch *patch,
		    const char *actor, struct err *why)
{
	return db_begin(db, why) && db_leave(db, put(db, source, patch, actor, why), why);
}

/* --- heartbeats --- */

static bool word_of(struct db *db, struct str source, char word[HEARTBEAT_MAX], struct err *why)
{
	struct db_rows *r = db_query(db,
				     "SELECT heartbeat FROM source_settings WHERE source = $1"
				     " AND heartbeat IS NOT NULL",
				     DB_VALS(V_TEXT(source)), why);

	word[0] = '\0';
	if (db_next(r))
		db_put(r, 0, word, HEARTBEAT_MAX);
	return db_end(r, why);
}

static bool beat_put(struct db *db, struct str source, const char *word, const char *actor,
		     struct err *why)
{
	const struct ledger_note note = { actor,
					  word == NULL ? "heartbeat.ended" : "heartbeat.begun",
					  source, TIME_NONE };

	return make(db, source, actor, why) &&
	       db_run(db,
		      "UPDATE source_settings SET heartbeat = $2, heartbeat_since = $3"
		      " WHERE source = $1",
		      DB_VALS(V_TEXT(source), word == NULL ? V_NULL : V_Z(word),
			      word == NULL ? V_NULL : V_TIME(time_now())),
		      why) &&
	       ledger_append(db, &note, NULL, 0, NULL, why);
}

bool source_beat_make(struct db *db, struct str source, const char *actor, char word[HEARTBEAT_MAX],
		      struct err *why)
{
	unsigned char random[12];
	char old[HEARTBEAT_MAX], made[2 * sizeof random + 1];

	crypt_random(random, sizeof random);
	hash_hex(random, sizeof random, made);
	if (!db_begin(db, why))
		return false;
	bool ok = word_of(db, source, old, why);
	bool fresh = ok && old[0] == '\0';
	ok = ok && (!fresh || beat_put(db, source, made, actor, why));
	if (!db_leave(db, ok, why))
		return false;
	memcpy(word, fresh ? made : old, fresh ? sizeof made : sizeof old);
	return true;
}

bool source_beat_drop(struct db *db, struct str source, const char *actor, struct err *why)
{
	char old[HEARTBEAT_MAX];

	if (!db_begin(db, why))
		return false;
	bool ok = word_of(db, source, old, why) &&
		  (old[0] != '\0' ? beat_put(db, source, NULL, actor, why)
				  : err_set(why, ERR_ABSENT, 0, "no heartbeat is expected of it"));
	return db_leave(db, ok, why);
}

bool source_beat_of(struct db *db, struct str word, char source[24], struct err *why)
{
	struct db_rows *r = db_query(db, "SELECT source FROM source_settings WHERE heartbeat = $1",
				     DB_VALS(V_TEXT(word)), why);

	source[0] = '\0';
	if (db_next(r))
		db_put(r, 0, source, 24);
	return db_end(r, why);
}

bool source_beat_all(struct db *db, source_beat_fn *fn, void *ctx, struct err *why)
{
	struct db_rows *r = db_query(db,
				     "SELECT source, heartbeat FROM source_settings"
				     " WHERE heartbeat IS NOT NULL ORDER BY source",
				     NULL, 0, why);

	while (db_next(r))
		fn(ctx, db_text(r, 0), db_text(r, 1));
	return db_end(r, why);
}
