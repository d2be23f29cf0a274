/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan.c - the blocks that a search must look at, the best first. Days are only opened when one of
 * their blocks may be next; what cannot be read or believed is named and left out.
 */
#include "store/scan_int.h"

#include <stdlib.h>

enum { MAX_WAITING = 32 << 20 };

int scan_compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* The best time a block or day may hold. */
int64_t scan_best_time(const struct scan *s, int64_t time_min, int64_t time_max)
{
	return s->want->oldest_first ? time_min : time_max;
}

/* Is time `a` strictly better than `b`? */
bool scan_better(const struct scan *s, int64_t a, int64_t b)
{
	return s->want->oldest_first ? a < b : a > b;
}

static bool in_range(const struct store_search *w, int64_t time_min, int64_t time_max)
{
	return (w->from == TIME_NONE || time_max >= w->from) &&
	       (w->to == TIME_NONE || time_min <= w->to);
}

static struct db *day_db(struct scan *s, int32_t day, struct err *why)
{
	struct open_day *oldest = &s->open[0];

	for (size_t i = 0; i < OPEN_DAYS; i++) {
		struct open_day *o = &s->open[i];

		if (o->db != NULL && o->day == day) {
			o->used = ++s->clock;
			return o->db;
		}
		if (o->used < oldest->used)
			oldest = o;
	}
	struct db *db = day_open(s->r->folder, day, why);

	if (db == NULL)
		return NULL;
	db_close(oldest->db);
	*oldest = (struct open_day){ db, day, ++s->clock };
	return db;
}

void scan_end(struct scan *s)
{
	for (size_t i = 0; i < OPEN_DAYS; i++)
		db_close(s->open[i].db);
	free(s->waiting);
}

static bool wait_for(struct scan *s, int32_t day, const struct block_row *row, struct err *why)
{
	if (s->n_waiting == s->cap_waiting) {
		size_t cap = s->cap_waiting == 0 ? 1024 : 2 * s->cap_waiting;
		struct waiting *more = cap > MAX_WAITING ? NULL
							 : realloc(s->waiting, cap * sizeof *more);

		if (more == NULL)
			return err_set(why, ERR_LIMIT, 0, "too many blocks for one search");
		s->waiting = more;
		s->cap_waiting = cap;
	}
	s->waiting[s->n_waiting++] = (struct waiting){ row->time_min, row->time_max, row->n, day };
	return true;
}

/* May a block hold anything behind the cursor? */
static bool behind(const struct scan *s, const struct block_row *row)
{
	int64_t last = s->want->oldest_first ? row->time_max : row->time_min;

	return !s->has_after || !scan_better(s, last, s->after.time);
}

static bool load_rows(struct scan *s, struct db *db, int32_t day, struct err *why)
{
	struct db_rows *r = db_query(db, "SELECT " BLOCK_COLUMNS " FROM blocks ORDER BY n", NULL, 0,
				     why);
	int64_t expected = 1;
	bool ok = true;

	while (ok && db_next(r)) {
		struct block_row row;
		struct err bad;

		if (!block_row_take(r, day, &row, &bad))
			cover_damage(&s->cover, day, row.n, &bad);
		else if (in_range(s->want, row.time_min, row.time_max) && behind(s, &row))
			ok = wait_for(s, day, &row, why);
		for (; expected < row.n && expected < row.n + STORE_MAX_GAPS; expected++) {
			(void)err_set(&bad, ERR_INPUT, (size_t)expected, "block %jd is missing",
				      (intmax_t)expected);
			cover_damage(&s->cover, day, expected, &bad);
		}
		expected = row.n + 1;
	}
	return db_end(r, ok ? why : NULL) && ok;
}

static int by_waiting(const void *a, const void *b, void *ctx)
{
	const struct waiting *x = a, *y = b;
	const struct scan *s = ctx;
	int c = scan_compare(scan_best_time(s, x->time_min, x->time_max),
			     scan_best_time(s, y->time_min, y->time_max));

	return s->want->oldest_first ? -c : c;
}

/* Take the blocks of the next day into the list. A day that cannot be read is named. */
static bool load_day(struct scan *s, struct err *why)
{
	int32_t day = s->cover.days[s->next_day++].day;
	struct err here = { 0 };
	struct db *db = day_db(s, day, &here);
	bool ok = db != NULL && load_rows(s, db, day, &here);

	if (s->n_waiting > 0)
		qsort_r(s->waiting, s->n_waiting, sizeof *s->waiting, by_waiting, s);
	if (!ok && here.kind == ERR_LIMIT)
		return err_set(why, ERR_LIMIT, 0, "too many blocks for one search");
	if (!ok && here.kind == ERR_ABSENT)
		cover_missing(&s->cover, day, &here);
	else if (!ok)
		cover_damage(&s->cover, day, 0, &here);
	return true;
}

static int by_day(const void *a, const void *b, void *ctx)
{
	const struct day_span *x = a, *y = b;
	const struct scan *s = ctx;

	/* An open day may hold any time: it comes first. */
	if (x->time_min == TIME_NONE || y->time_min == TIME_NONE)
		return (x->time_min != TIME_NONE) - (y->time_min != TIME_NONE);
	int c = scan_compare(scan_best_time(s, x->time_min, x->time_max),
			     scan_best_time(s, y->time_min, y->time_max));

	return s->want->oldest_first ? c : -c;
}

/* May the next day that was not opened hold something as good as the best that waits? */
static bool day_comes_first(const struct scan *s)
{
	const struct day_span *d;
	const struct waiting *w;

	if (s->next_day == s->cover.n_days)
		return false;
	d = &s->cover.days[s->next_day];
	if (s->n_waiting == 0 || d->time_min == TIME_NONE)
		return true;
	w = &s->waiting[s->n_waiting - 1];
	return !scan_better(s, scan_best_time(s, w->time_min, w->time_max),
			    scan_best_time(s, d->time_min, d->time_max));
}

bool scan_next(struct scan *s, struct waiting *out, bool *ok, struct err *why)
{
	*ok = true;
	while (day_comes_first(s)) {
		*ok = load_day(s, why);
		if (!*ok)
			return false;
	}
	if (s->n_waiting == 0)
		return false;
	*out = s->waiting[s->n_waiting - 1];
	return true;
}

void scan_drop(struct scan *s)
{
	s->n_waiting--;
}

bool scan_begin(struct scan *s, struct arena *a, struct store_coverage *coverage, struct err *why)
{
	if (!cover_begin(s->r, a, s->want, coverage, &s->cover, why))
		return false;
	reader_names(s->r, a, &s->names);
	if (s->cover.n_days > 0)
		qsort_r(s->cover.days, s->cover.n_days, sizeof *s->cover.days, by_day, s);
	return true;
}

/* --- what is in a block --- */

bool scan_open(struct scan *s, struct arena *a, const struct waiting *w, struct block *out)
{
	struct block_row row;
	struct err why = { 0 };
	struct db *db = day_db(s, w->day, &why);
	bool ok = false;

	if (db != NULL) {
		struct db_rows *r = db_query(db,
					     "SELECT " BLOCK_COLUMNS " FROM blocks WHERE n = $1",
					     DB_VALS(V_INT(w->n)), &why);
		bool any = db_next(r);

		ok = any && block_row_take(r, w->day, &row, &why);
		if (!any)
			(void)err_set(&why, ERR_INPUT, (size_t)w->n, "block %jd is missing",
				      (intmax_t)w->n);
		ok = db_end(r, ok ? &why : NULL) && ok;
	}
	if (ok && reader_block(s->r, a, db, &row, out, &why))
		return true;
	cover_damage(&s->cover, w->day, w->n, &why);
	return false;
}

bool scan_answers(struct scan *s, struct arena scratch, const struct block *b, size_t i)
{
	const struct block_record *rec = &b->records[i];

	if (!in_range(s->want, rec->time, rec->time))
		return false;
	enum query_answer answer = query_raw(s->want->query, scratch, rec->raw);

	if (answer != QUERY_READ)
		return answer == QUERY_YES;
	const struct source_info *source = source_named(&s->names, rec->source);
	struct event ev;
	struct query_subject subject = { .event = &ev,
					 .source = rec->source,
					 .format = b->formats[rec->format] };

	if (source != NULL) {
		subject.source_name = source->name;
		subject.source_peer = source->peer;
	}
	reader_event(s->r, &scratch, b, i, source, &ev);
	return query_match(s->want->query, scratch, &subject);
}
