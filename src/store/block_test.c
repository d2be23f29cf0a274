/* SPDX-License-Identifier: Apache-2.0 */
#include "store/block.h"

#include "base/test.h"

#include <stdint.h>

static struct arena whole;
static struct zstd *z;

/* What stands on the edges of the number columns. */
static const struct {
	int64_t received, time;
	uint64_t seq;
	uint32_t source;
	const char *format;
	bool told, partial;
	struct str raw;
} records[] = {
	{ 0, 0, 0, 0, "text", false, false, STR("") },
	{ 1, -1, 1, 1, "text", true, false, STR("a") },
	{ INT64_MAX, INT64_MIN, UINT64_MAX, UINT32_MAX, "cef", true, true, STR("\0\xff\n") },
	{ INT64_MIN, INT64_MAX, 0, 7, "json", false, true, STR("{\"a\":1}") },
	{ INT64_C(1763800000000000), INT64_C(1763800000000001), 8, 7, "cef", true, false,
	  STR("CEF:0|v|p|") },
};

/* Of the sources 1 and 7; the second of source 7 is not noted again. */
static const struct str contexts[COUNT(records)] = {
	[1] = STR("#Fields: a b"), [3] = STR("#Fields: c"), [4] = STR("#Fields: d")
};

static struct event event_of(size_t i)
{
	return (struct event){ .received = records[i].received,
			       .time = records[i].time,
			       .seq = records[i].seq,
			       .source = records[i].source,
			       .time_told = records[i].told,
			       .partial = records[i].partial,
			       .raw = records[i].raw };
}

static void same(const struct block *b, size_t at, size_t i)
{
	const struct block_record *r = &b->records[at];

	CHECK("received", r->received == records[i].received);
	CHECK("time", r->time == records[i].time);
	CHECK("seq", r->seq == records[i].seq);
	CHECK("source", r->source == records[i].source);
	CHECK("format", str_eq(b->formats[r->format], str_of(records[i].format)));
	CHECK("told", ((r->flags & BLOCK_TIME_TOLD) != 0) == records[i].told);
	CHECK("partial", ((r->flags & BLOCK_PARTIAL) != 0) == records[i].partial);
	CHECK("raw", str_eq(r->raw, records[i].raw));
}

static void round_trip(void)
{
	struct block_builder *b = block_new();
	struct buf packed = BUF(BLOCK_MAX_BYTES), bytes = BUF(BLOCK_MAX_BYTES);
	struct arena a = whole;
	struct block out = { 0 };
	struct err why = { 0 };

	for (int turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i < COUNT(records); i++) {
			struct event ev = event_of(i);

			CHECK("add",
			      block_fits(b, &ev) && block_add(b, &ev, str_of(records[i].format),
							      contexts[i], &why));
		}
		const struct block_span *s = block_span(b);
		CHECK("span", s->n == COUNT(records) && s->raw == 1 + 3 + 7 + 10);
		CHECK("span", s->time_min == INT64_MIN && s->time_max == INT64_MAX);
		CHECK("span", s->received_min == INT64_MIN && s->received_max == INT64_MAX);
		buf_clear(&packed);
		CHECK("close", block_close(b, z, &packed, &why));
		CHECK("open", block_open(&a, z, buf_str(&packed), &bytes, &out, &why));
		CHECK("n", out.n == COUNT(records) && out.n_formats == 3);
		CHECK("contexts", out.n_contexts == 2 && out.contexts[0].source == 1 &&
					  out.contexts[1].source == 7 &&
					  str_eq(out.contexts[0].text, contexts[1]) &&
					  str_eq(out.contexts[1].text, contexts[3]));
		for (size_t i = 0; i < out.n; i++)
			same(&out, i, i);
	}
	block_free(b);
	buf_free(&packed);
	buf_free(&bytes);
}

static void fullness(void)
{
	struct block_builder *b = block_new();
	struct buf packed = BUF(BLOCK_MAX_BYTES), bytes = BUF(BLOCK_MAX_BYTES);
	struct arena a = whole;
	char *long_raw = calloc(1, EVENT_MAX_RAW);
	struct event tiny = { .raw = STR("x") }, half = { .raw = { long_raw, BLOCK_FULL_RAW / 2 } },
		     giant = { .raw = { long_raw, EVENT_MAX_RAW } };
	struct block out = { 0 };
	size_t n = 0;

	CHECK("giant alone",
	      block_fits(b, &giant) && block_add(b, &giant, STR("text"), STR(""), NULL));
	CHECK("nothing behind a giant", !block_fits(b, &tiny));
	CHECK("giant closes", block_close(b, z, &packed, NULL));
	CHECK("giant opens", block_open(&a, z, buf_str(&packed), &bytes, &out, NULL) &&
				     out.n == 1 && out.records[0].raw.n == EVENT_MAX_RAW);
	for (; block_fits(b, &half); n++)
		CHECK("half", block_add(b, &half, STR("text"), STR(""), NULL));
	CHECK("two halves", n == 2);
	block_clear(b);
	for (n = 0; block_fits(b, &tiny); n++)
		if (!block_add(b, &tiny, STR("text"), STR(""), NULL))
			break;
	CHECK("most records", n == BLOCK_MAX_RECORDS);
	block_free(b);
	buf_free(&packed);
	buf_free(&bytes);
	free(long_raw);
}

static const struct {
	const char *name;
	struct str bytes;
	size_t at;
	const char *id;
} bad[] = {
	{ "nothing", STR(""), 0, "not a block of version %d" },
	{ "other version", STR("\2\1\1\1a"), 0, "not a block of version %d" },
	{ "no count", STR("\1"), 1, "the block ends too early" },
	{ "no records", STR("\1\0\1\1a"), 5, "the block is empty" },
	{ "no formats", STR("\1\1\0"), 3, "the block is empty" },
	{ "too many records", STR("\1\xff\xff\x7f\1\1a"), 1, "number %ju is above %ju" },
	{ "endless number", STR("\1\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\1"), 1,
	  "number longer than 64 bits" },
	{ "name passes the end", STR("\1\1\1\5abc"), 4, "the block ends too early" },
	{ "no contexts", STR("\1\1\1\1a"), 5, "the block ends too early" },
	{ "context passes the end", STR("\1\1\1\1a\1\1\5abc"), 8, "the block ends too early" },
	{ "context too long", STR("\1\1\1\1a\1\1\x81\x40"), 7, "number %ju is above %ju" },
	{ "format that is not there", STR("\1\1\1\1a\0\0\0\0\0\1\0\0"), 10,
	  "number %ju is above %ju" },
	{ "unknown flag", STR("\1\1\1\1a\0\0\0\0\0\0\10\0"), 11, "number %ju is above %ju" },
	{ "raw passes the end", STR("\1\1\1\1a\0\0\0\0\0\0\0\2x"), 13, "the block ends too early" },
	{ "bytes behind", STR("\1\1\1\1a\0\0\0\0\0\0\0\1xy"), 14,
	  "bytes behind the end of the block" },
};

static void damage(void)
{
	struct block out = { .n = 77 };

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct arena a = whole;
		struct err why = { 0 };

		CHECK(bad[i].name, !block_parse(&a, bad[i].bytes, &out, &why));
		CHECK(bad[i].name, why.at == bad[i].at && strcmp(why.id, bad[i].id) == 0);
		CHECK(bad[i].name, out.n == 77);
	}
	struct arena a = whole;

	CHECK("good", block_parse(&a, STR("\1\1\1\1a\0\0\0\0\0\0\0\1x"), &out, NULL) && out.n == 1);
}

int main(void)
{
	if (!arena_reserve(&whole, (size_t)64 << 20))
		return 1;
	z = zstd_new();
	round_trip();
	fullness();
	damage();
	zstd_free(z);
	arena_release(whole);
	return TEST_REPORT();
}
