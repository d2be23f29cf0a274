/* SPDX-License-Identifier: Apache-2.0 */
/* What comes out of a hunt is the same, and in the same order, with any number of threads. */
#include "cmd/hunt_jobs.h"

#include "base/test.h"
#include "cmd/times.h"

enum { FILES = 6, SLICES = 12, RECORDS = 30 };

static const char sources[] = "- {category: any, events: [{when: {n|exists: true}}]}\n";
static const char rule[] = "title: x\nid: r\nlogsource: {category: any}\n"
			   "detection: {s: {n|endswith: '7'}, condition: s}\n";

static struct detector *detector(void)
{
	struct rule_set *rs = rule_set_new();
	struct err why = { 0 };

	CHECK("sources", rule_set_sources(rs, str_of(sources), &why));
	CHECK("rule", rule_set_add(rs, STR("x.yml"), str_of(rule)) == 1);
	return detector_new(&(struct detector_parts){ .rules = rs }, &why);
}

static bool put(void *ctx, struct str text)
{
	buf_add(ctx, text);
	return true;
}

/* A slice of records that count on; W3C logs have their head in the first of the file. */
static void give_slice(struct jobs *j, int file, int slice, bool w3c)
{
	struct slice *s = jobs_slice(j);
	struct buf text = BUF(1 << 16);

	for (int i = 0; i < RECORDS; i++) {
		size_t at = text.n;
		int n = (file * SLICES + slice) * RECORDS + i;

		if (w3c && slice == 0 && i == 0)
			buf_add(&text, STR("#Fields: date time cs-method n"));
		else if (w3c)
			buf_printf(&text, "2026-01-01 00:00:00 GET %d", n);
		else
			buf_printf(&text, "{\"n\":\"%d\",\"b\":[1,2]}", n);
		CHECK("record", slice_record(s, at, text.n - at, false));
		buf_char(&text, '\n');
	}
	CHECK("given", jobs_give(j, s, buf_str(&text)));
	buf_free(&text);
}

static struct hunt_counts hunt(const struct detector *d, size_t threads, struct buf *out)
{
	struct times times = { 0 };
	struct read_ctx ctx = { .now = 1 };
	struct hunt_with with = { .ctx = &ctx,
				  .detector = d,
				  .times = &times,
				  .form = HIT_JSONL,
				  .threads = threads,
				  .put = put,
				  .put_ctx = out };
	struct jobs *j;

	CHECK("times", times_take(&times));
	j = jobs_new(&with);
	for (int f = 0; f < FILES; f++) {
		char path[32];

		snprintf(path, sizeof path, "file%d", f);
		CHECK("file", jobs_file(j, path, f % 2 ? PIECES_IN_ORDER : PIECES_ALONE));
		for (int s = 0; s < SLICES; s++)
			give_slice(j, f, s, f % 2 == 1);
		jobs_file_done(j);
	}
	CHECK("end", jobs_end(j));
	struct hunt_counts c = jobs_counts(j);
	CHECK("events", jobs_detect_counts(j).events == c.records);
	CHECK("seen", jobs_seen(j, 0) >= c.hits);
	jobs_free(j);
	times_free(&times);
	return c;
}

int main(void)
{
	static const size_t threads[] = { 1, 2, 5 };
	struct detector *d = detector();
	struct buf first = BUF(8 << 20);

	for (size_t i = 0; d != NULL && i < COUNT(threads); i++) {
		struct buf out = BUF(8 << 20);
		struct hunt_counts c = hunt(d, threads[i], &out);

		CHECK("records", c.records == FILES * SLICES * RECORDS);
		CHECK("hits", c.hits == FILES * SLICES * RECORDS / 10);
		if (i == 0)
			buf_add(&first, buf_str(&out));
		CHECK("the same", first.n > 0 && str_eq(buf_str(&first), buf_str(&out)));
		buf_free(&out);
	}
	buf_free(&first);
	detector_free(d);
	return TEST_REPORT();
}
