/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.c - one page of a search, in the order in which events were stored.
 *
 * Goes on at the record that the cursor names, opens each block once and stops when the page is full
 * or patience ends. The cursor is the record to look at next, so what lies before it has been looked
 * at once, and what is stored later (in front of the newest, behind the oldest) does not move it.
 */
#include "store/scan_int.h"

#include <assert.h>

enum {
	CHUNK = 256,  /* records looked at before they are given */
	SPARE = 8192, /* records looked at behind a full page, to tell whether it is the last */
	SPARE_BLOCKS = 64,
};

struct page {
	struct scan scan;
	struct walk walk;
	struct arena *a;
	struct store_found *items;
	size_t n, limit;
	uint64_t bytes; /* of raw in items */
	int64_t deadline;
	size_t spare, spare_blocks;
	bool moved;                /* something was passed since the cursor */
	const struct store_id *at; /* where the cursor says to begin, until that block was met */
	struct cursor next;
	bool done; /* `next` is set */
};

/* A block and what is left of it: records lo up to hi. */
struct part {
	const struct block_row *row;
	struct block *b;
	size_t lo, hi;
};

static void stop_at(struct page *p, const struct block_row *row, size_t record)
{
	p->next = (struct cursor){ .oldest_first = p->scan.want->oldest_first,
				   .id = { row->day, row->n, (uint32_t)record } };
	p->done = true;
}

/* The first record to be looked at of a block that was not begun. */
static size_t first_of(const struct page *p, const struct block_row *row)
{
	int64_t last = row->records > 0 ? row->records - 1 : 0;

	return p->scan.want->oldest_first ? 0 : (size_t)last;
}

/* How many of idx[n], taken from the end that comes first, still go on the page. */
static size_t fitting(struct page *p, const struct part *part, const uint32_t *idx, size_t n)
{
	size_t k = 0;

	while (k < n && p->n + k < p->limit) {
		size_t i = p->scan.want->oldest_first ? k : n - 1 - k;
		uint64_t len = part->b->records[idx[i]].raw.n;

		if (p->bytes + len > STORE_PAGE_BYTES && p->n + k > 0) {
			p->limit = p->n + k; /* the page has become shorter */
			break;
		}
		p->bytes += len;
		k++;
	}
	return k;
}

/* Put k of idx[n] on the page. They are read in the order of the block: what a `#Fields` line says
 * goes on from one to the next. */
static bool give(struct page *p, const struct part *part, const uint32_t *idx, size_t n, size_t k,
		 struct err *why)
{
	bool up = p->scan.want->oldest_first;

	for (size_t i = 0; i < k; i++) {
		uint32_t record = idx[up ? i : n - k + i];
		struct store_id id = { part->row->day, part->row->n, record };
		struct store_found *to = &p->items[p->n + (up ? i : k - 1 - i)];

		if (!reader_found(p->scan.r, p->a, part->b, &id, &p->scan.names, to))
			return err_set(why, ERR_LIMIT, 0, "no room for the page");
	}
	p->n += k;
	return true;
}

/* Look at the next records of the part and give those that answer; p->done when the page ends among
 * them. */
static bool chunk(struct page *p, struct part *part, struct arena scratch, struct err *why)
{
	bool up = p->scan.want->oldest_first;
	size_t len = part->hi - part->lo < CHUNK ? part->hi - part->lo : CHUNK;
	size_t lo = up ? part->lo : part->hi - len, hi = lo + len, n = 0;
	uint32_t idx[CHUNK];

	for (size_t i = lo; i < hi; i++)
		if (scan_answers(&p->scan, scratch, part->b, i))
			idx[n++] = (uint32_t)i;
	size_t k = fitting(p, part, idx, n);

	if (!give(p, part, idx, n, k, why))
		return false;
	if (k < n) { /* the first that did not fit */
		size_t left = idx[up ? k : n - 1 - k];

		stop_at(p, part->row, left);
		len = up ? left - lo : hi - 1 - left;
	}
	p->scan.cover.out->events += len;
	part->lo = up ? hi : part->lo;
	part->hi = up ? part->hi : lo;
	if (p->n == p->limit)
		p->spare -= len < p->spare ? len : p->spare;
	if (!p->done && p->spare == 0 && part->lo < part->hi)
		stop_at(p, part->row, up ? part->lo : part->hi - 1);
	return true;
}

static bool block(struct page *p, const struct block_row *row, struct err *why)
{
	struct arena scratch = p->scan.r->whole;
	bool up = p->scan.want->oldest_first, ok = true;
	struct block b;

	if (!scan_open(&p->scan, &scratch, row, &b))
		return true;
	struct part part = { row, &b, 0, b.n };

	if (p->at != NULL && p->at->day == row->day && p->at->block == row->n) {
		if (up)
			part.lo = p->at->record < b.n ? p->at->record : b.n;
		else if (p->at->record < b.n)
			part.hi = p->at->record + 1;
	}
	p->at = NULL;
	bool begun = part.hi - part.lo == b.n;

	while (ok && !p->done && part.lo < part.hi)
		ok = chunk(p, &part, scratch, why);
	/* where the page ends before its first record, the next one counts it */
	if (begun && !(p->done && p->next.id.record == (up ? 0 : b.n - 1)))
		p->scan.cover.out->blocks++;
	arena_trim(p->scan.r->whole, READER_KEEP);
	return ok;
}

/* Must the page end before that block? Never before it has moved on. */
static bool ends_before(struct page *p, const struct block_row *row)
{
	bool late = p->deadline != 0 && time_monotonic() > p->deadline;

	if (p->n == p->limit && p->spare_blocks > 0)
		p->spare_blocks--;
	bool looked = p->n == p->limit && (p->spare == 0 || p->spare_blocks == 0);

	if (!p->moved || !(late || looked))
		return false;
	p->scan.cover.out->complete = looked;
	stop_at(p, row, first_of(p, row));
	return true;
}

static bool by_place(struct page *p, struct err *why)
{
	struct block_row row;
	bool ok = true;

	while (ok && !p->done && walk_next(&p->walk, &row)) {
		if (ends_before(p, &row))
			break;
		if (scan_in_range(&p->scan, row.time_min, row.time_max))
			ok = block(p, &row, why);
		p->moved = true;
	}
	return ok;
}

static bool page_by_place(struct page *p, const struct cursor *from, struct store_page *out,
			  struct err *why)
{
	const struct store_search *want = p->scan.want;

	p->at = from == NULL ? NULL : &from->id;
	p->walk = (struct walk){ .s = &p->scan, .down = !want->oldest_first, .from = p->at };
	p->deadline = want->patience == 0 ? 0 : time_monotonic() + want->patience;
	p->limit = want->limit;
	p->spare = SPARE;
	p->spare_blocks = SPARE_BLOCKS;
	p->items = NEW(p->a, struct store_found, p->limit);
	if (p->items == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for the page");
	if (!by_place(p, why))
		return false;
	*out = (struct store_page){ .items = p->items, .n = p->n };
	if (p->done)
		cursor_write(&p->next, out->next);
	return true;
}

bool store_scan(struct store_reader *r, struct arena *a, const struct store_search *search,
		struct store_page *out, struct store_coverage *coverage, struct err *why)
{
	struct page p = { .scan = { .r = r, .want = search }, .a = a };
	bool by_time = search->order == STORE_BY_TIME;
	struct cursor at, *from = NULL;

	assert(search->limit > 0 && search->limit <= STORE_MAX_PAGE);
	if (search->cursor.n > 0) {
		if (!cursor_parse(search->cursor, &at, why))
			return false;
		if (at.by_time != by_time || at.oldest_first != search->oldest_first)
			return err_set(why, ERR_INPUT, 0, "not a cursor of this search");
		from = &at;
	}
	bool ok = scan_begin(&p.scan, a, coverage, why) &&
		  (by_time ? page_by_time(&p.scan, a, from, out, why)
			   : page_by_place(&p, from, out, why));

	scan_end(&p.scan);
	return ok;
}
