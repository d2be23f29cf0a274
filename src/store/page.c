/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.c - one page of a search, in order of event time though blocks overlap in time.
 *
 * A page keeps the `limit` best events found so far, as a heap; once the worst of them is better
 * than anything a waiting block can hold, the page is done.
 */
#include "base/num.h"
#include "store/scan_int.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct pick {
	struct place at;
	uint32_t raw;  /* bytes */
	uint32_t rank; /* among the results */
};

struct page {
	struct scan scan;
	struct pick *picks; /* a heap, the worst on top */
	size_t n_picks, limit;
	uint64_t bytes; /* of raw in picks */
	bool more;      /* something that answers was left for the next page */
};

/* Negative when `a` comes before `b` in the results. */
static int place_cmp(const struct page *s, const struct place *a, const struct place *b)
{
	int c = scan_compare(a->time, b->time);

	c = c != 0 ? c : scan_compare(a->id.day, b->id.day);
	c = c != 0 ? c : scan_compare(a->id.block, b->id.block);
	c = c != 0 ? c : scan_compare(a->id.record, b->id.record);
	return s->scan.want->oldest_first ? c : -c;
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

static void pick_from(struct page *s, const struct waiting *w)
{
	struct arena scratch = s->scan.r->whole;
	struct block b;

	if (!scan_open(&s->scan, &scratch, w, &b))
		return;
	s->scan.cover.out->blocks++;
	s->scan.cover.out->events += b.n;
	for (size_t i = 0; i < b.n; i++) {
		struct pick p = { .at = { b.records[i].time, { w->day, w->n, (uint32_t)i } },
				  .raw = (uint32_t)b.records[i].raw.n };

		if (s->scan.has_after && place_cmp(s, &p.at, &s->scan.after) <= 0)
			continue;
		if (full(s) && s->more && place_cmp(s, &p.at, &s->picks[0].at) > 0)
			continue; /* not on this page, and there is a next one anyway */
		if (scan_answers(&s->scan, scratch, &b, i))
			add_pick(s, &p);
	}
	arena_trim(s->scan.r->whole, READER_KEEP);
}

/* --- a page --- */

/* Out of time, before a block that may hold `frontier`: what is not surely better than that is left
 * for the next page. */
static void cut_at(struct page *s, int64_t frontier)
{
	s->scan.cover.out->complete = false;
	s->more = true;
	while (s->n_picks > 0 && !scan_better(&s->scan, s->picks[0].at.time, frontier))
		drop_worst(s);
}

/* May the page end for want of time before that block? Only when that moves the cursor on. */
static bool out_of_time(const struct page *s, int64_t deadline, int64_t frontier)
{
	return deadline != 0 && s->scan.cover.out->blocks > 0 && time_monotonic() > deadline &&
	       (!s->scan.has_after || scan_better(&s->scan, s->scan.after.time, frontier));
}

/* Fill s->picks; *frontier is set where time ran out. */
static bool fill(struct page *s, int64_t *frontier, bool *cut, struct err *why)
{
	int64_t deadline = s->scan.want->patience == 0 ? 0
						       : time_monotonic() + s->scan.want->patience;
	struct waiting w;
	bool ok = true;

	while (scan_next(&s->scan, &w, &ok, why)) {
		int64_t time = scan_best_time(&s->scan, w.time_min, w.time_max);

		if (full(s) && scan_better(&s->scan, s->picks[0].at.time, time)) {
			s->more = true;
			return true;
		}
		if (out_of_time(s, deadline, time)) {
			cut_at(s, time);
			*frontier = time;
			*cut = true;
			return true;
		}
		scan_drop(&s->scan);
		pick_from(s, &w);
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

	return c != 0 ? c : scan_compare(x->at.id.block, y->at.id.block);
}

/* Open the blocks of the picks once more and read what they hold. */
static bool show_all(struct page *s, struct arena *a, struct store_found *items, struct err *why)
{
	for (size_t i = 0; i < s->n_picks;) {
		const struct store_id *id = &s->picks[i].at.id;
		struct arena scratch = s->scan.r->whole;
		struct waiting w = { .day = id->day, .n = id->block };
		struct block b;

		if (!scan_open(&s->scan, &scratch, &w, &b))
			return err_set(why, ERR_INPUT, (size_t)w.n,
				       "block %jd changed while it was read", (intmax_t)w.n);
		for (; i < s->n_picks && s->picks[i].at.id.block == w.n &&
		       s->picks[i].at.id.day == w.day;
		     i++)
			if (!reader_found(s->scan.r, a, &b, &s->picks[i].at.id, &s->scan.names,
					  &items[s->picks[i].rank]))
				return err_set(why, ERR_LIMIT, 0, "no room for the page");
	}
	return true;
}

static void write_cursor(const struct page *s, const struct place *at, char *out)
{
	snprintf(out, STORE_CURSOR_MAX, "%c.%jd.%d.%jd.%u", s->scan.want->oldest_first ? 'o' : 'n',
		 (intmax_t)at->time, at->id.day, (intmax_t)at->id.block, at->id.record);
}

static bool read_cursor(struct page *s, struct err *why)
{
	struct str rest = s->scan.want->cursor, part[5];
	int64_t v[4];
	bool ok = true;

	for (size_t i = 0; i < COUNT(part); i++)
		ok = ok && str_split(&rest, '.', &part[i]);
	ok = ok && rest.p == NULL &&
	     str_eq(part[0], s->scan.want->oldest_first ? STR("o") : STR("n"));
	for (size_t i = 0; i < COUNT(v); i++)
		ok = ok && num_parse_i64(part[i + 1], i == 1 ? INT32_MIN : INT64_MIN,
					 i == 1 ? INT32_MAX : INT64_MAX, &v[i]);
	if (!ok || v[3] < 0 || v[3] > UINT32_MAX)
		return err_set(why, ERR_INPUT, 0, "not a cursor of this search");
	s->scan.after = (struct place){ v[0], { (int32_t)v[1], v[2], (uint32_t)v[3] } };
	s->scan.has_after = true;
	return true;
}

static bool run(struct page *s, struct arena *a, struct store_page *out, struct err *why)
{
	bool cut = false;
	int64_t frontier = 0;

	s->limit = s->scan.want->limit;
	s->picks = NEW(a, struct pick, s->limit);
	struct store_found *items = NEW(a, struct store_found, s->limit);

	if (s->picks == NULL || items == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for the page");
	if (!fill(s, &frontier, &cut, why))
		return false;
	if (s->n_picks > 0)
		qsort_r(s->picks, s->n_picks, sizeof *s->picks, by_place, s);
	*out = (struct store_page){ .items = items, .n = s->n_picks };
	/* Behind everything that is better than the frontier, before everything at it. */
	struct place edge = { frontier, { INT32_MAX, INT64_MAX, UINT32_MAX } };

	if (s->scan.want->oldest_first)
		edge.id = (struct store_id){ INT32_MIN, INT64_MIN, 0 };
	if (cut)
		write_cursor(s, &edge, out->next);
	else if (s->more)
		write_cursor(s, &s->picks[s->n_picks - 1].at, out->next);
	for (size_t i = 0; i < s->n_picks; i++)
		s->picks[i].rank = (uint32_t)i;
	qsort(s->picks, s->n_picks, sizeof *s->picks, by_block);
	return show_all(s, a, items, why);
}

bool store_scan(struct store_reader *r, struct arena *a, const struct store_search *search,
		struct store_page *out, struct store_coverage *coverage, struct err *why)
{
	struct page s = { .scan = { .r = r, .want = search } };

	assert(search->limit > 0 && search->limit <= STORE_MAX_PAGE);
	if (search->cursor.n > 0 && !read_cursor(&s, why))
		return false;
	bool ok = scan_begin(&s.scan, a, coverage, why) && run(&s, a, out, why);

	scan_end(&s.scan);
	return ok;
}
