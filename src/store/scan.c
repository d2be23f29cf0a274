/* SPDX-License-Identifier: Apache-2.0 */
/* scan.c - days and blocks of a search: what cannot be read or believed is named and left out. */
#include "store/scan_int.h"

int scan_compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

bool scan_in_range(const struct scan *s, int64_t time_min, int64_t time_max)
{
	const struct store_search *w = s->want;

	return (w->from == TIME_NONE || time_max >= w->from) &&
	       (w->to == TIME_NONE || time_min <= w->to);
}

bool scan_begin(struct scan *s, struct arena *a, struct store_coverage *coverage, struct err *why)
{
	if (!cover_begin(s->r, a, s->want, coverage, &s->cover, why))
		return false;
	reader_names(s->r, a, &s->names);
	return true;
}

void scan_end(struct scan *s)
{
	for (size_t i = 0; i < OPEN_DAYS; i++)
		db_close(s->open[i].db);
}

/* Borrowed until four other days were asked for; NULL and *why. */
static struct db *scan_day(struct scan *s, int32_t day, struct err *why)
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

/* Name the day in the coverage, as missing or damaged. */
static void scan_lost(struct scan *s, int32_t day, const struct err *why)
{
	if (why->kind == ERR_ABSENT)
		cover_missing(&s->cover, day, why);
	else
		cover_damage(&s->cover, day, 0, why);
}

/* --- rows in order of place --- */

static bool next_day(struct walk *w)
{
	const struct cover *c = &w->s->cover;

	while (w->days < c->n_days) {
		size_t i = w->down ? c->n_days - 1 - w->days : w->days;

		w->days++;
		w->day = c->days[i].day;
		w->next = w->down ? INT64_MAX : INT64_MIN;
		w->expected = w->down ? 0 : 1;
		w->in_day = true;
		if (w->from == NULL)
			return true;
		if (w->down ? w->day > w->from->day : w->day < w->from->day)
			continue;
		if (w->day == w->from->day) {
			w->next = w->from->block;
			w->expected = 0;
		}
		w->from = NULL;
		return true;
	}
	return false;
}

/* Blocks a to b, both included, have no row. */
static void name_missing(struct walk *w, int64_t a, int64_t b)
{
	for (int64_t n = a; n <= b && n - a < STORE_MAX_GAPS; n++) {
		struct err bad;

		(void)err_set(&bad, ERR_INPUT, (size_t)n, "block %jd is missing", (intmax_t)n);
		cover_damage(&w->s->cover, w->day, n, &bad);
	}
}

/* Name what is missing before the row, or that it does not hold: then it says nothing of its
 * neighbours. */
static bool believe(struct walk *w, const struct block_row *row, bool whole)
{
	struct err bad = { 0 };

	if (!whole) {
		(void)block_row_broken(row, &bad);
		cover_damage(&w->s->cover, w->day, row->n, &bad);
	}
	if (!whole && (row->n != w->expected || row->n == INT64_MAX))
		return false;
	if (w->expected > 0 && w->down)
		name_missing(w, row->n + 1, w->expected);
	else if (w->expected > 0)
		name_missing(w, w->expected, row->n - 1);
	w->expected = w->down ? row->n - 1 : row->n + 1;
	return whole;
}

/* Read on in the day; it is over when fewer rows come than could. */
static void load(struct walk *w)
{
	struct err why = { 0 };
	struct db *db = scan_day(w->s, w->day, &why);
	size_t most = w->most > 0 ? w->most : WALK_ROWS;

	w->n = w->at = 0;
	w->in_day = false;
	if (db == NULL) {
		scan_lost(w->s, w->day, &why);
		return;
	}
	struct db_rows *r = db_query(db,
				     w->down ? "SELECT " BLOCK_COLUMNS
					       " FROM blocks WHERE n <= $1 ORDER BY n DESC LIMIT $2"
					     : "SELECT " BLOCK_COLUMNS
					       " FROM blocks WHERE n >= $1 ORDER BY n LIMIT $2",
				     DB_VALS(V_INT(w->next), V_INT(most)), &why);

	while (w->n < most && db_next(r)) {
		struct block_row *row = &w->rows[w->n];

		w->whole[w->n++] = block_row_take(r, w->day, row, NULL) && row->n > 0 &&
				   row->n < INT64_MAX;
	}
	if (!db_end(r, &why)) {
		scan_lost(w->s, w->day, &why);
		w->expected = 0;
		return;
	}
	int64_t last = w->n > 0 ? w->rows[w->n - 1].n : 0;

	w->in_day = w->n == most && last != (w->down ? INT64_MIN : INT64_MAX);
	if (w->in_day)
		w->next = w->down ? last - 1 : last + 1;
}

void walk_day(struct walk *w, struct scan *s, int32_t day)
{
	*w = (struct walk){ .s = s,
			    .days = s->cover.n_days,
			    .in_day = true,
			    .day = day,
			    .next = INT64_MIN,
			    .expected = 1 };
}

bool walk_next(struct walk *w, struct block_row *out)
{
	for (;;) {
		while (w->at < w->n) {
			size_t i = w->at++;

			if (!believe(w, &w->rows[i], w->whole[i]))
				continue;
			*out = w->rows[i];
			return true;
		}
		if (!w->in_day && w->down && w->expected > 0)
			name_missing(w, 1, w->expected);
		if (!w->in_day && !next_day(w))
			return false;
		load(w);
	}
}

/* --- what is in a block --- */

bool scan_open(struct scan *s, struct arena *a, const struct block_row *row, struct block *out)
{
	struct err why = { 0 };
	struct db *db = scan_day(s, row->day, &why);

	s->known_format = NULL; /* views into the block before */
	if (db != NULL && reader_block(s->r, a, db, row, out, &why))
		return true;
	cover_damage(&s->cover, row->day, row->n, &why);
	return false;
}

/* Is it what the search may find? */
static bool sent_by(const struct store_search *w, uint32_t source)
{
	size_t lo = 0, hi = w->senders == NULL ? 0 : w->n_senders;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (w->senders[mid] == source)
			return true;
		if (w->senders[mid] < source)
			lo = mid + 1;
		else
			hi = mid;
	}
	return w->senders == NULL;
}

/* Neighbours in a block are mostly of one source and format. */
static bool is_known(struct scan *s, struct arena scratch, const struct query_subject *subject)
{
	if (s->known_format != subject->format.p || s->known_source != subject->source) {
		s->known = query_known(s->want->query, scratch, subject);
		s->known_format = subject->format.p;
		s->known_source = subject->source;
	}
	return s->known;
}

bool scan_answers(struct scan *s, struct arena scratch, const struct block *b, size_t i)
{
	const struct block_record *rec = &b->records[i];

	if (!scan_in_range(s, rec->time, rec->time) || !sent_by(s->want, rec->source))
		return false;
	if (query_is_all(s->want->query))
		return true;
	const struct source_info *source = source_named(&s->names, rec->source);
	struct event ev = { .raw = rec->raw };
	struct query_subject subject = { .event = &ev,
					 .source = rec->source,
					 .format = b->formats[rec->format] };

	if (source != NULL) {
		subject.source_name = source->name;
		subject.source_peer = source->peer;
		subject.source_given = source->given;
	}
	if (!is_known(s, scratch, &subject))
		return false;
	enum query_answer answer = query_unread(s->want->query, scratch, rec->raw);

	if (answer != QUERY_READ)
		return answer == QUERY_YES;
	reader_event(s->r, &scratch, b, i, source, &ev);
	return query_match(s->want->query, scratch, &subject);
}
