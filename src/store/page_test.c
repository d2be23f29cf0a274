/* SPDX-License-Identifier: Apache-2.0 */
/* page_test.c - pages of a search: each event once, each block looked at once, whatever comes between. */
#include "base/num.h"
#include "base/test.h"
#include "event/formats.h"
#include "store/day.h"
#include "store/reader.h"
#include "store/test_folder.h"
#include "store/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* 2026-11-20T12:00:00+07:00 */
static const int64_t noon = INT64_C(1795150800) * TIME_SECOND;
static int64_t now;
static struct arena whole;
static char folder[TEST_FOLDER_MAX];

static int64_t clock_now(void)
{
	return now;
}

enum { BLOCKS = 12, PER_BLOCK = 40, EVENTS = BLOCKS * PER_BLOCK };

static void put(struct store *s, uint32_t source, int64_t time, struct str raw)
{
	static uint64_t seq;
	struct store_ref ref = { 0 };
	struct event ev = { .raw = raw, .source = source, .time = time, .received = now };

	ev.time_told = true;
	ev.seq = ++seq;
	CHECK("add", store_add(s, &ev, &ref, NULL));
}

/* Blocks whose times all overlap, over three days: number n tells a time of its own. */
static void fill(struct store *s)
{
	struct store_receipt got;
	uint32_t id;

	CHECK("source", store_source(s, SOURCE_TCP, STR("192.0.2.1"), STR("one"), &id, NULL));
	for (int b = 0; b < BLOCKS; b++) {
		for (int i = 0; i < PER_BLOCK; i++) {
			int n = b * PER_BLOCK + i;
			char raw[64];
			int len = snprintf(raw, sizeof raw, "number %d %s", n,
					   n % 7 == 0 ? "seventh" : "other");

			put(s, id, noon + (int64_t)((n * 977) % EVENTS) * TIME_SECOND,
			    (struct str){ raw, (size_t)len });
		}
		CHECK("commit", store_commit(s, &got, NULL));
		if (b % 5 == 4)
			now += TIME_DAY;
	}
}

/* --- all pages of a search --- */

struct sum {
	size_t found, pages;
	uint64_t blocks, events, most; /* most: blocks counted on one page */
	bool in_order, once;
	int64_t last; /* number or time of the last event */
	unsigned char seen[EVENTS + 100];
};

static int64_t number_of(const struct store_found *f)
{
	struct str rest = f->event.raw, word = { NULL, 0 };
	int64_t n = -1;

	CHECK("a number", str_split(&rest, ' ', &word) && str_split(&rest, ' ', &word) &&
				  num_parse_i64(word, 0, INT32_MAX, &n));
	return n;
}

static void take(struct sum *sum, const struct store_search *want, const struct store_found *f)
{
	int64_t n = number_of(f);
	int64_t key = want->order == STORE_BY_TIME ? f->event.time : n;
	bool behind = want->oldest_first ? key >= sum->last : key <= sum->last;

	sum->in_order = sum->in_order && (sum->found == 0 || behind);
	sum->once = sum->once && n >= 0 && n < (int64_t)COUNT(sum->seen) && sum->seen[n]++ == 0;
	sum->last = key;
	sum->found++;
}

/* `between` is called between two pages. */
static struct sum all_pages(struct store_reader *r, struct store_search want,
			    void (*between)(size_t page))
{
	char cursor[STORE_CURSOR_MAX] = "";
	struct sum sum = { .in_order = true, .once = true };

	for (; sum.pages < 2 * EVENTS; sum.pages++) {
		struct arena a = whole;
		struct store_page page = { 0 };
		struct store_coverage c = { 0 };

		(void)arena_bytes(&a, 1 << 20); /* the query lies there */
		want.cursor = str_of(cursor);
		if (!CHECK("scan", store_scan(r, &a, &want, &page, &c, NULL)))
			return sum;
		CHECK("page", page.n <= want.limit && c.n_damaged == 0);
		for (size_t i = 0; i < page.n; i++)
			take(&sum, &want, &page.items[i]);
		sum.blocks += c.blocks;
		sum.events += c.events;
		sum.most = c.blocks > sum.most ? c.blocks : sum.most;
		if (page.next[0] == '\0')
			return sum;
		memcpy(cursor, page.next, sizeof cursor);
		if (between != NULL)
			between(sum.pages);
	}
	CHECK("ends", false);
	return sum;
}

static const struct query *query(const char *text)
{
	struct arena a = whole;
	const struct query *q = NULL;

	CHECK(text, query_parse(&a, str_of(text), &q, NULL));
	return q;
}

static void each_once(struct store_reader *r)
{
	static const struct {
		const char *name, *q;
		size_t want;
	} cases[] = {
		{ "all", "", EVENTS },
		{ "a seventh", "seventh", (EVENTS + 6) / 7 },
		{ "by field", "message:*seventh", (EVENTS + 6) / 7 },
		{ "none", "nothing", 0 },
		{ "the first alone", "\"number 0 \"", 1 },
		{ "the last alone", "\"number 479 \"", 1 },
	};
	static const uint32_t limits[] = { 1, 7, 39, 40, 41, 480, 1000 };

	for (size_t i = 0; i < COUNT(cases) * COUNT(limits) * 4; i++) {
		size_t k = i / 4 % COUNT(cases);
		struct store_search want = { .query = query(cases[k].q),
					     .from = TIME_NONE,
					     .to = TIME_NONE,
					     .order = i & 1 ? STORE_BY_TIME : STORE_BY_PLACE,
					     .oldest_first = i & 2,
					     .limit = limits[i / 4 / COUNT(cases)] };
		struct sum sum = all_pages(r, want, NULL);

		if (!CHECK(cases[k].name, sum.found == cases[k].want && sum.in_order && sum.once))
			printf("  limit %u, order %d, oldest first %d: %zu found, in order %d\n",
			       want.limit, want.order, want.oldest_first, sum.found, sum.in_order);
		if (!CHECK(cases[k].name, sum.blocks == BLOCKS && sum.events == EVENTS))
			printf("  limit %u, order %d, oldest first %d: %ju blocks, %ju events\n",
			       want.limit, want.order, want.oldest_first, (uintmax_t)sum.blocks,
			       (uintmax_t)sum.events);
		if (want.order == STORE_BY_PLACE && cases[k].want == EVENTS)
			CHECK("no more blocks than the page holds",
			      sum.most <= want.limit / PER_BLOCK + 2);
	}
}

/* What comes while somebody leafs neither moves nor doubles what was there. */
static struct store *growing;
static uint32_t grown_source;

static void grow(size_t page)
{
	struct store_receipt got;
	char raw[64];
	int len = snprintf(raw, sizeof raw, "number %zu late", EVENTS + page % 50);

	put(growing, grown_source, noon - TIME_DAY + (int64_t)page * TIME_HOUR,
	    (struct str){ raw, (size_t)len });
	CHECK("commit", store_commit(growing, &got, NULL));
}

static void while_it_grows(struct store_reader *r, struct store *s)
{
	growing = s;
	CHECK("source",
	      store_source(s, SOURCE_TCP, STR("192.0.2.2"), STR("two"), &grown_source, NULL));
	struct sum sum = all_pages(
		r, (struct store_search){ .from = TIME_NONE, .to = TIME_NONE, .limit = 50 }, grow);

	CHECK("newest first: nothing new", sum.found == EVENTS && sum.in_order && sum.once);
	CHECK("newest first: looked at", sum.events == EVENTS && sum.blocks == BLOCKS);
	CHECK("newest first: pages", sum.pages == EVENTS / 50);
}

/* --- cursors --- */

static const struct {
	const char *text;
	size_t found; /* SIZE_MAX: refused */
} cursors[] = {
	{ "pn.2026-11-20-1-0", 1 },
	{ "pn.2026-11-20-1-5", 6 },
	{ "pn.2026-11-20-2-0", 41 },
	{ "pn.2026-11-20-1-8191", 40 }, /* past the end of the block */
	{ "pn.2026-11-20-9000000000000000000-0", 200 },
	{ "pn.2026-11-19-1-0", 0 },
	{ "pn.2030-01-01-1-0", 480 },
	{ "pn.9999-12-31-9223372036854775807-8191", 480 },
	{ "pn.2026-11-20-1-8192", SIZE_MAX },
	{ "pn.2026-11-20-0-1", SIZE_MAX },
	{ "pn.2026-11-20-01-1", SIZE_MAX },
	{ "pn.2026-11-20-+1-1", SIZE_MAX },
	{ "pn.2026-11-31-1-1", SIZE_MAX },
	{ "po.2026-11-20-1-0", SIZE_MAX },
	{ "tn.5.2026-11-20-1-0", SIZE_MAX },
	{ "pn.", SIZE_MAX },
	{ "pn", SIZE_MAX },
	{ ".", SIZE_MAX },
	{ "n.1795150800000000.20777.1.0", SIZE_MAX },
	{ "pn.2026-11-20-1-0 ", SIZE_MAX },
	{ "pn.2026-11-20-1-0.", SIZE_MAX },
	{ "'; DROP TABLE blocks", SIZE_MAX },
};

static void hostile(struct store_reader *r)
{
	for (size_t i = 0; i < COUNT(cursors); i++) {
		struct arena a = whole;
		struct store_page page = { .n = 77 };
		struct store_coverage c = { 0 };
		struct err why = { 0 };
		struct store_search want = { .from = TIME_NONE,
					     .to = noon + TIME_DAY,
					     .limit = 1000,
					     .cursor = str_of(cursors[i].text) };
		bool ok = store_scan(r, &a, &want, &page, &c, &why);

		if (cursors[i].found == SIZE_MAX)
			CHECK(cursors[i].text, !ok && why.kind == ERR_INPUT && page.n == 77);
		else if (!CHECK(cursors[i].text,
				ok && page.n == cursors[i].found && c.n_damaged == 0))
			printf("  %zu found, %zu damaged\n", page.n, c.n_damaged);
	}
}

/* Without patience a page ends behind the first block; all pages together still tell everything. */
static void impatient(struct store_reader *r)
{
	for (int i = 0; i < 4; i++) {
		struct store_search want = { .query = query("\"number 3 \""),
					     .from = TIME_NONE,
					     .to = TIME_NONE,
					     .order = i & 1 ? STORE_BY_TIME : STORE_BY_PLACE,
					     .oldest_first = i & 2,
					     .limit = 9,
					     .patience = 1 };
		struct sum sum = all_pages(r, want, NULL);

		CHECK("found in the end", sum.found == 1 && sum.events == EVENTS);
		CHECK("in many pages", want.order == STORE_BY_TIME || sum.pages == BLOCKS - 1);
	}
}

/* A block that was damaged is named on one page, and those around it are given. */
static void damaged(struct store_reader *r)
{
	for (int i = 0; i < 2; i++) {
		char cursor[STORE_CURSOR_MAX] = "", path[DAY_PATH_MAX];
		struct store_search want = {
			.from = TIME_NONE, .to = TIME_NONE, .oldest_first = i, .limit = 30
		};
		size_t found = 0, named = 0;

		if (i == 0) {
			CHECK("path", day_path(folder, day_of(noon), path, NULL));
			struct db *db = db_open(path, DB_WRITE, 0, NULL);

			CHECK("harm",
			      db_run(db, "UPDATE bodies SET body = x'00' WHERE n = 3", NULL, 0,
				     NULL) &&
				      db_run(db, "DELETE FROM blocks WHERE n = 2", NULL, 0, NULL));
			db_close(db);
		}
		do {
			struct arena a = whole;
			struct store_page page = { 0 };
			struct store_coverage c = { 0 };

			want.cursor = str_of(cursor);
			if (!CHECK("scan", store_scan(r, &a, &want, &page, &c, NULL)))
				return;
			found += page.n;
			named += c.n_damaged;
			memcpy(cursor, page.next, sizeof cursor);
		} while (cursor[0] != '\0');
		CHECK("the others", found == EVENTS - 2 * PER_BLOCK);
		CHECK("named once", named == 2);
	}
}

/* A page holds so many bytes, though more events are allowed. */
static void heavy(void)
{
	static char raw[1 << 20];
	struct store_receipt got;
	uint32_t id;

	test_folder_make(folder);
	struct store *s = store_open(folder, clock_now, NULL);
	struct store_reader *r = store_reader_new(folder, NULL);

	CHECK("source", store_source(s, SOURCE_TCP, STR("192.0.2.1"), STR("one"), &id, NULL));
	memset(raw, 'x', sizeof raw);
	for (int n = 0; n < 40; n++) {
		int len = snprintf(raw, 32, "number %d ", n);

		raw[len] = 'x';
		put(s, id, noon - (n * 7 % 40) * TIME_SECOND, (struct str){ raw, sizeof raw });
		CHECK("commit", n % 4 != 3 || store_commit(s, &got, NULL));
	}
	for (int i = 0; i < 4; i++) {
		struct store_search want = { .from = TIME_NONE,
					     .to = TIME_NONE,
					     .order = i & 1 ? STORE_BY_TIME : STORE_BY_PLACE,
					     .oldest_first = i & 2,
					     .limit = 100 };
		struct sum sum = all_pages(r, want, NULL);

		CHECK("heavy", sum.found == 40 && sum.pages == 2 && sum.in_order && sum.once);
		CHECK("heavy: looked at", sum.events == 40);
	}
	store_reader_free(r);
	store_close(s);
	test_folder_remove(folder);
}

int main(void)
{
	if (!arena_reserve(&whole, (size_t)512 << 20))
		return 1;
	now = noon;
	test_folder_make(folder);
	struct store *s = store_open(folder, clock_now, NULL);
	struct store_reader *r = store_reader_new(folder, NULL);

	fill(s);
	each_once(r);
	impatient(r);
	hostile(r);
	damaged(r);
	store_reader_free(r);
	store_close(s);
	test_folder_remove(folder);
	now = noon;
	test_folder_make(folder);
	s = store_open(folder, clock_now, NULL);
	r = store_reader_new(folder, NULL);
	fill(s);
	while_it_grows(r, s);
	store_reader_free(r);
	store_close(s);
	test_folder_remove(folder);
	heavy();
	arena_release(whole);
	return TEST_REPORT();
}
