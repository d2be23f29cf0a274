/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_time.c - one page of a search, in order of event time though blocks overlap in time.
 *
 * Blocks wait in the order of the best time they may hold ("better" is later, or earlier when the
 * oldest come first); days are opened when one of their blocks may be next. A page keeps the `limit`
 * best events found so far, as a heap; once the worst of them is better than anything a waiting block
 * can hold, the page is done. The blocks of its events are opened once more to show them: keeping
 * them would take as much memory as they are.
 */
#include "store/scan_int.h"

#include <stdlib.h>

enum { MAX_WAITING = 4 << 20 };

/* A place in the order of results. */
struct place {
	int64_t time;
	struct store_id id;
};

struct waiting {
	int64_t time_min, time_max, n;
	int32_t day;
};

struct pick {
	struct place at;
	uint32_t raw;  /* bytes */
	uint32_t rank; /* among the results */
};

/* A block that was looked at for this page and for none before. */
struct looked {
	int64_t best;
	size_t records;
};

struct page {
	struct scan *scan;
	struct place after;              /* the cursor */
	bool has_after, at_edge, opened; /* opened: some block, for this page */

	size_t next_day;         /* of cover.days, in order of their best times */
	struct waiting *waiting; /* owned; the best last */
	size_t n_waiting, cap_waiting;

	struct pick *picks; /* a heap, the worst on top */
	size_t n_picks, limit;
	uint64_t bytes; /* of raw in picks */
	bool more;      /* something that answers was left for the next page */

	struct looked *looked; /* owned; in the order of their best times */
	size_t n_looked, cap_looked;
};

static bool up(const struct page *s)
{
	return s->scan->want->oldest_first;
}

/* --- blocks that wait --- */

/* The best time a block or day may hold. */
static int64_t best_time(const struct page *s, int64_t time_min, int64_t time_max)
{
	return up(s) ? time_min : time_max;
}

/* Is time `a` strictly better than `b`? */
static bool better(const struct page *s, int64_t a, int64_t b)
{
	return up(s) ? a < b : a > b;
}

static bool wait_for(struct page *s, const struct block_row *row, struct err *why)
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
	s->waiting[s->n_waiting++] = (struct waiting){ row->time_min, row->time_max, row->n,
						       row->day };
	return true;
}

/* May a block hold anything behind the cursor? */
static bool behind(const struct page *s, const struct block_row *row)
{
	int64_t last = up(s) ? row->time_max : row->time_min;

	return !s->has_after || !better(s, last, s->after.time);
}

static int by_waiting(const void *a, const void *b, void *ctx)
{
	const struct waiting *x = a, *y = b;
	const struct page *s = ctx;
	int c = scan_compare(best_time(s, x->time_min, x->time_max),
			     best_time(s, y->time_min, y->time_max));

	return up(s) ? -c : c;
}

/* Take the blocks of the next day into the list. */
static bool load_day(struct page *s, struct err *why)
{
	struct walk w;
	struct block_row row;
	bool ok = true;

	walk_day(&w, s->scan, s->scan->cover.days[s->next_day++].day);
	while (ok && walk_next(&w, &row))
		if (scan_in_range(s->scan, row.time_min, row.time_max) && behind(s, &row))
			ok = wait_for(s, &row, why);
	if (s->n_waiting > 0)
		qsort_r(s->waiting, s->n_waiting, sizeof *s->waiting, by_waiting, s);
	return ok;
}

static int by_day(const void *a, const void *b, void *ctx)
{
	const struct day_span *x = a, *y = b;
	const struct page *s = ctx;

	/* An open day may hold any time: it comes first. */
	if (x->time_min == TIME_NONE || y->time_min == TIME_NONE)
		return (x->time_min != TIME_NONE) - (y->time_min != TIME_NONE);
	int c = scan_compare(best_time(s, x->time_min, x->time_max),
			     best_time(s, y->time_min, y->time_max));

	return up(s) ? c : -c;
}

/* May the next day that was not opened hold something as good as the best that waits? */
static bool day_comes_first(const struct page *s)
{
	const struct day_span *d;
	const struct waiting *w;

	if (s->next_day == s->scan->cover.n_days)
		return false;
	d = &s->scan->cover.days[s->next_day];
	if (s->n_waiting == 0 || d->time_min == TIME_NONE)
		return true;
	w = &s->waiting[s->n_waiting - 1];
	return !better(s, best_time(s, w->time_min, w->time_max),
		       best_time(s, d->time_min, d->time_max));
}

/* The block that may hold the best time. False when there is none, and when *ok has become false. */
static bool next_waiting(struct page *s, struct waiting *out, bool *ok, struct err *why)
{
	while (*ok && day_comes_first(s))
		*ok = load_day(s, why);
	if (!*ok || s->n_waiting == 0)
		return false;
	*out = s->waiting[s->n_waiting - 1];
	return true;
}

static bool open_block(struct page *s, struct arena *a, int32_t day, int64_t n, struct block *out)
{
	struct walk w;
	struct block_row row;

	walk_day(&w, s->scan, day);
	w.next = n;
	w.expected = n;
	w.most = 1;
	return walk_next(&w, &row) && row.n == n && scan_open(s->scan, a, &row, out);
}

/* --- the best of what was found --- */

/* Negative when `a` comes before `b` in the results. */
static int place_cmp(const struct page *s, const struct place *a, const struct place *b)
{
	int c = scan_compare(a->time, b->time);

	c = c != 0 ? c : scan_compare(a->id.day, b->id.day);
	c = c != 0 ? c : scan_compare(a->id.block, b->id.block);
	c = c != 0 ? c : scan_compare(a->id.record, b->id.record);
	return up(s) ? c : -c;
}

static void sink(struct page *s, size_t i)
{
	for (;;) {
		size_t worst = i, l = 2 * i + 1, r = l + 1;

		if (l < s->n_picks && place_cmp(s, &s->picks[l].at, &s->picks[worst].at) > 0)
			worst = l;
		if (r < s->n_picks && place_cmp(s, &s->picks[r].at, &s->picks[worst].at) > 0)
			worst = r;
		if (worst == i)
			return;
		struct pick t = s->picks[i];

		s->picks[i] = s->picks[worst];
		s->picks[worst] = t;
		i = worst;
	}
}

static void drop_worst(struct page *s)
{
	s->bytes -= s->picks[0].raw;
	s->picks[0] = s->picks[--s->n_picks];
	sink(s, 0);
	s->more = true;
}

static void add_pick(struct page *s, const struct pick *p)
{
	size_t i;

	if (s->n_picks == s->limit) {
		s->more = true;
		if (place_cmp(s, &p->at, &s->picks[0].at) > 0)
			return;
		drop_worst(s);
	}
	for (i = s->n_picks++; i > 0; i = (i - 1) / 2) {
		if (place_cmp(s, &p->at, &s->picks[(i - 1) / 2].at) < 0)
			break;
		s->picks[i] = s->picks[(i - 1) / 2];
	}
	s->picks[i] = *p;
	s->bytes += p->raw;
	while (s->bytes > STORE_PAGE_BYTES && s->n_picks > 1) {
		drop_worst(s);
		s->limit = s->n_picks; /* the page has become shorter */
	}
}

static bool full(const struct page *s)
{
	return s->n_picks == s->limit;
}

/* Was the block looked at for a page before this one? That ended behind all that is better than its
 * cursor, and at an edge before all that is as good. */
static bool was_open(const struct page *s, const struct waiting *w)
{
	int64_t best = best_time(s, w->time_min, w->time_max);

	return s->has_after &&
	       (s->at_edge ? better(s, best, s->after.time) : !better(s, s->after.time, best));
}

static bool note_looked(struct page *s, const struct waiting *w, size_t records, struct err *why)
{
	if (was_open(s, w))
		return true;
	if (s->n_looked == s->cap_looked) {
		size_t cap = s->cap_looked == 0 ? 256 : 2 * s->cap_looked;
		struct looked *more = realloc(s->looked, cap * sizeof *more);

		if (more == NULL)
			return err_set(why, ERR_LIMIT, 0, "too many blocks for one search");
		s->looked = more;
		s->cap_looked = cap;
	}
	s->looked[s->n_looked++] = (struct looked){ best_time(s, w->time_min, w->time_max),
						    records };
	return true;
}

/* Count what the next page will take for looked at before it: a page that became shorter leaves blocks
 * behind its cursor. */
static void count_looked(struct page *s, const struct cursor *next)
{
	struct store_coverage *c = s->scan->cover.out;

	for (size_t i = 0; i < s->n_looked; i++) {
		int64_t best = s->looked[i].best;

		if (next != NULL &&
		    (next->edge ? !better(s, best, next->time) : better(s, next->time, best)))
			continue;
		c->blocks++;
		c->events += s->looked[i].records;
	}
}

static bool pick_from(struct page *s, const struct waiting *w, struct err *why)
{
	struct arena scratch = s->scan->r->whole;
	struct block b;

	if (!open_block(s, &scratch, w->day, w->n, &b))
		return true;
	if (!note_looked(s, w, b.n, why))
		return false;
	for (size_t i = 0; i < b.n; i++) {
		struct pick p = { .at = { b.records[i].time, { w->day, w->n, (uint32_t)i } },
				  .raw = (uint32_t)b.records[i].raw.n };

		if (s->has_after && place_cmp(s, &p.at, &s->after) <= 0)
			continue;
		if (full(s) && s->more && place_cmp(s, &p.at, &s->picks[0].at) > 0)
			continue; /* not on this page, and there is a next one anyway */
		if (scan_answers(s->scan, scratch, &b, i))
			add_pick(s, &p);
	}
	arena_trim(s->scan->r->whole, READER_KEEP);
	return true;
}

/* --- a page --- */

/* Out of time, before a block that may hold `frontier`: what is not surely better than that is left
 * for the next page. */
static void cut_at(struct page *s, int64_t frontier)
{
	s->scan->cover.out->complete = false;
	s->more = true;
	while (s->n_picks > 0 && !better(s, s->picks[0].at.time, frontier))
		drop_worst(s);
}

/* May the page end for want of time before that block? Only when that moves the cursor on. */
static bool out_of_time(const struct page *s, int64_t deadline, int64_t frontier)
{
	return deadline != 0 && s->opened && time_monotonic() > deadline &&
	       (!s->has_after || better(s, s->after.time, frontier));
}

/* Fill s->picks; *frontier is set where time ran out. */
static bool fill(struct page *s, int64_t *frontier, bool *cut, struct err *why)
{
	int64_t patience = s->scan->want->patience;
	int64_t deadline = patience == 0 ? 0 : time_monotonic() + patience;
	struct waiting w;
	bool ok = true;

	while (next_waiting(s, &w, &ok, why)) {
		int64_t time = best_time(s, w.time_min, w.time_max);

		if (full(s) && better(s, s->picks[0].at.time, time)) {
			s->more = true;
			return true;
		}
		if (out_of_time(s, deadline, time)) {
			cut_at(s, time);
			*frontier = time;
			*cut = true;
			return true;
		}
		s->n_waiting--;
		ok = pick_from(s, &w, why);
		s->opened = true;
		if (!ok)
			return false;
	}
	return ok;
}

static int by_place(const void *a, const void *b, void *ctx)
{
	const struct pick *x = a, *y = b;

	return place_cmp(ctx, &x->at, &y->at);
}

static int by_block(const void *a, const void *b)
{
	const struct pick *x = a, *y = b;
	int c = scan_compare(x->at.id.day, y->at.id.day);

	c = c != 0 ? c : scan_compare(x->at.id.block, y->at.id.block);
	return c != 0 ? c : scan_compare(x->at.id.record, y->at.id.record);
}

/* Open the blocks of the picks once more and read what they hold. */
static bool show_all(struct page *s, struct arena *a, struct store_found *items, struct err *why)
{
	for (size_t i = 0; i < s->n_picks;) {
		const struct store_id first = s->picks[i].at.id;
		struct arena scratch = s->scan->r->whole;
		struct block b;

		if (!open_block(s, &scratch, first.day, first.block, &b))
			return err_set(why, ERR_INPUT, (size_t)first.block,
				       "block %jd changed while it was read",
				       (intmax_t)first.block);
		for (; i < s->n_picks && s->picks[i].at.id.block == first.block &&
		       s->picks[i].at.id.day == first.day;
		     i++)
			if (!reader_found(s->scan->r, a, &b, &s->picks[i].at.id, &s->scan->names,
					  &items[s->picks[i].rank]))
				return err_set(why, ERR_LIMIT, 0, "no room for the page");
	}
	return true;
}

/* Where the next page begins: behind the last event, or before all that is at the frontier. */
static void end_page(struct page *s, bool cut, int64_t frontier, char *out)
{
	struct cursor c = { .by_time = true, .oldest_first = up(s), .edge = cut, .time = frontier };

	if (!s->more) {
		count_looked(s, NULL);
		return;
	}
	if (!cut) {
		c.time = s->picks[s->n_picks - 1].at.time;
		c.id = s->picks[s->n_picks - 1].at.id;
	}
	count_looked(s, &c);
	cursor_write(&c, out);
}

static bool run(struct page *s, struct arena *a, struct store_page *out, struct err *why)
{
	bool cut = false;
	int64_t frontier = 0;

	s->limit = s->scan->want->limit;
	s->picks = NEW(a, struct pick, s->limit);
	struct store_found *items = NEW(a, struct store_found, s->limit);

	if (s->picks == NULL || items == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for the page");
	if (!fill(s, &frontier, &cut, why))
		return false;
	if (s->n_picks > 0)
		qsort_r(s->picks, s->n_picks, sizeof *s->picks, by_place, s);
	*out = (struct store_page){ .items = items, .n = s->n_picks };
	end_page(s, cut, frontier, out->next);
	for (size_t i = 0; i < s->n_picks; i++)
		s->picks[i].rank = (uint32_t)i;
	qsort(s->picks, s->n_picks, sizeof *s->picks, by_block);
	return show_all(s, a, items, why);
}

/* Behind everything that is better than the edge, before everything at it. */
static void begin_after(struct page *s, const struct cursor *after)
{
	if (after == NULL)
		return;
	s->has_after = true;
	s->at_edge = after->edge;
	s->after = (struct place){ after->time, after->id };
	if (after->edge && up(s))
		s->after.id = (struct store_id){ INT32_MIN, INT64_MIN, 0 };
	else if (after->edge)
		s->after.id = (struct store_id){ INT32_MAX, INT64_MAX, UINT32_MAX };
}

bool page_by_time(struct scan *scan, struct arena *a, const struct cursor *after,
		  struct store_page *out, struct err *why)
{
	struct page s = { .scan = scan };

	begin_after(&s, after);
	if (scan->cover.n_days > 0)
		qsort_r(scan->cover.days, scan->cover.n_days, sizeof *scan->cover.days, by_day, &s);
	bool ok = run(&s, a, out, why);

	free(s.waiting);
	free(s.looked);
	return ok;
}
