/* SPDX-License-Identifier: Apache-2.0 */
/* histogram.c - how many events of a search lie in each part of its time. */
#include "store/scan_int.h"

struct histogram {
	struct scan *s;
	uint64_t *counts;
	uint64_t width;
};

static size_t part_of(const struct histogram *h, int64_t time)
{
	return (size_t)(((uint64_t)time - (uint64_t)h->s->want->from) / h->width);
}

static void count_block(struct histogram *h, const struct block_row *row)
{
	struct arena scratch = h->s->r->whole;
	struct block b;

	if (!scan_open(h->s, &scratch, row, &b))
		return;
	h->s->cover.out->blocks++;
	h->s->cover.out->events += b.n;
	for (size_t i = 0; i < b.n; i++)
		if (scan_answers(h->s, scratch, &b, i))
			h->counts[part_of(h, b.records[i].time)]++;
	arena_trim(h->s->r->whole, READER_KEEP);
}

/* The newest first: that is what is there when time runs out. */
static void count_all(struct histogram *h)
{
	struct scan *s = h->s;
	int64_t deadline = s->want->patience == 0 ? 0 : time_monotonic() + s->want->patience;
	struct walk w = { .s = s, .down = true };
	struct block_row row;

	while (walk_next(&w, &row)) {
		if (deadline != 0 && time_monotonic() > deadline) {
			s->cover.out->complete = false;
			return;
		}
		if (scan_in_range(s, row.time_min, row.time_max))
			count_block(h, &row);
	}
}

bool store_histogram(struct store_reader *r, struct arena *a, const struct store_search *search,
		     const struct store_bars *bars, struct store_coverage *coverage,
		     struct err *why)
{
	struct scan s = { .r = r, .want = search };
	uint64_t span = (uint64_t)search->to - (uint64_t)search->from;
	struct histogram h = { &s, bars->counts, bars->n == 0 ? 0 : span / bars->n + 1 };

	if (bars->n == 0 || search->from == TIME_NONE || search->to == TIME_NONE ||
	    search->from > search->to)
		return err_set(why, ERR_INPUT, 0, "a histogram needs both ends of its time");
	memset(bars->counts, 0, bars->n * sizeof *bars->counts);
	bool ok = scan_begin(&s, a, coverage, why);

	if (ok)
		count_all(&h);
	scan_end(&s);
	return ok;
}
