/* SPDX-License-Identifier: Apache-2.0 */
#include "store/visit.h"

#include "store/reader_int.h"

struct store_visit {
	struct store_reader *r;
	struct db *db; /* of `day`, NULL: none is open */
	int32_t day;
	struct source_names names;
	int64_t block; /* that `b` is of, 0: none; it lies in r->whole */
	struct block b;
};

struct store_visit *store_visit_begin(struct store_reader *r, struct arena *a)
{
	struct store_visit *v = NEW(a, struct store_visit, 1);

	if (v != NULL) {
		v->r = r;
		reader_names(r, a, &v->names);
	}
	return v;
}

void store_visit_end(struct store_visit *v)
{
	if (v == NULL)
		return;
	db_close(v->db);
	arena_trim(v->r->whole, READER_KEEP);
}

static bool go_to_day(struct store_visit *v, int32_t day, struct err *why)
{
	if (v->db != NULL && v->day == day)
		return true;
	db_close(v->db);
	v->block = 0;
	v->day = day;
	v->db = day_open(v->r->folder, day, why);
	return v->db != NULL;
}

static bool find_row(struct db *db, const struct store_id *id, struct block_row *out,
		     struct err *why)
{
	struct db_rows *r = db_query(db, "SELECT " BLOCK_COLUMNS " FROM blocks WHERE n = $1",
				     DB_VALS(V_INT(id->block)), why);
	bool any = db_next(r), ok = any && block_row_take(r, id->day, out, why);

	if (!db_end(r, any && !ok ? NULL : why))
		return false;
	return any ? ok : err_set(why, ERR_ABSENT, 0, "there is no such event");
}

static bool go_to_block(struct store_visit *v, const struct store_id *id, struct err *why)
{
	struct block_row row = { 0 };

	if (v->block == id->block)
		return true;
	struct arena a = v->r->whole;

	v->block = 0;
	if (!find_row(v->db, id, &row, why) || !reader_block(v->r, &a, v->db, &row, &v->b, why))
		return false;
	v->block = id->block;
	return true;
}

bool store_visit_event(struct store_visit *v, struct arena *a, const struct store_id *id,
		       struct store_found *out, struct err *why)
{
	if (!go_to_day(v, id->day, why) || !go_to_block(v, id, why))
		return false;
	if (id->record >= v->b.n)
		return err_set(why, ERR_ABSENT, 0, "there is no such event");
	struct str *raw = &v->b.records[id->record].raw, own = *raw;
	bool ok = reader_found(v->r, a, &v->b, id, &v->names, out);

	*raw = own; /* the copy goes with `a`, the block stays */
	return ok ? true : err_set(why, ERR_LIMIT, 0, "no room for the event");
}

bool store_event(struct store_reader *r, struct arena *a, const struct store_id *id,
		 struct store_found *out, struct err *why)
{
	struct store_visit *v = store_visit_begin(r, a);

	if (v == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for the event");
	bool ok = store_visit_event(v, a, id, out, why);

	store_visit_end(v);
	return ok;
}
