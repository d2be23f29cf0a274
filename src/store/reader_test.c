/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reader.h"

#include "base/test.h"
#include "event/formats.h"
#include "store/day.h"
#include "store/test_folder.h"
#include "store/visit.h"
#include "store/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* 2026-11-20T12:00:00+07:00 */
static const int64_t noon = INT64_C(1795150800) * TIME_SECOND;
static int64_t now;
static struct arena whole;
static char folder[TEST_FOLDER_MAX];
static struct reader *parser;

static int64_t clock_now(void)
{
	return now;
}

static struct store *begin(void)
{
	test_folder_make(folder);
	return store_open(folder, clock_now, NULL);
}

static void end(struct store *s)
{
	store_close(s);
	test_folder_remove(folder);
}

/* Store one record that tells `time`. */
static struct store_ref put(struct store *s, uint32_t source, int64_t time, const char *raw)
{
	static uint64_t seq;
	struct arena a = whole;
	struct store_ref ref = { 0 };
	struct event ev;

	reader_context(parser, &(struct read_ctx){ .now = now });
	reader_read(parser, &a, str_of(raw), &ev);
	ev.source = source;
	ev.time = time;
	ev.time_told = true;
	ev.seq = ++seq;
	CHECK("add", store_add(s, &ev, &ref, NULL));
	return ref;
}

static void commit(struct store *s)
{
	struct store_receipt got;

	CHECK("commit", store_commit(s, &got, NULL));
}

/* --- searching --- */

static const struct {
	const char *name, *q;
	bool oldest;
	const char *want; /* times of the results, in hours after noon */
} searches[] = {
	{ "everything", "", false, "10 9 7 6 5 4 3 2 1 0 " },
	{ "oldest first", "", true, "0 1 2 3 4 5 6 7 9 10 " },
	{ "a word", "alpha", false, "9 5 3 1 " },
	{ "two words", "alpha beta", false, "3 " },
	{ "case and marks", "\"dang nhap\"", false, "6 " },
	{ "escaped in JSON", "thất", false, "7 " },
	{ "field", "user:bob", false, "4 2 " },
	{ "field by nothing", "user:bo", false, "" },
	{ "field with star", "user:b*", false, "4 2 " },
	{ "format", "canh.format:json", false, "7 " },
	{ "source by name", "canh.source:second", false, "9 " },
	{ "the sender is the host", "host.name:192.0.2.2", false, "9 " },
	{ "a token is none", "host.name:token-1", false, "" },
	{ "source by number", "canh.source:1 alpha", false, "5 3 1 " },
};

static void fill(struct store *s)
{
	uint32_t a, b, c;

	CHECK("source", store_source(s, SOURCE_TCP, STR("192.0.2.1"), STR("first"), &a, NULL));
	CHECK("source", store_source(s, SOURCE_UDP, STR("192.0.2.2"), STR("second"), &b, NULL));
	CHECK("source", store_source(s, SOURCE_PUSH, STR("token-1"), STR("third"), &c, NULL));
	put(s, a, noon + 5 * TIME_HOUR, "alpha late");
	put(s, a, noon + 1 * TIME_HOUR, "alpha early");
	commit(s);
	put(s, a, noon, "first of all");
	put(s, a, noon + 3 * TIME_HOUR, "beta ALPHA");
	put(s, a, noon + 2 * TIME_HOUR, "date=2026-11-20 time=14:00:00 user=\"bob\" action=accept");
	commit(s);
	now += TIME_DAY;
	put(s, a, noon + 4 * TIME_HOUR, "date=2026-11-20 time=16:00:00 user=\"Bob\" action=deny");
	put(s, a, noon + 6 * TIME_HOUR, "không Đăng nhập được");
	put(s, a, noon + 7 * TIME_HOUR, "{\"message\":\"th\\u1ea5t b\\u1ea1i\",\"k\":1}");
	commit(s);
	now += TIME_DAY;
	put(s, b, noon + 9 * TIME_HOUR, "alpha of the second");
	put(s, c, noon + 10 * TIME_HOUR, "pushed, and tells no host");
	commit(s);
	now -= 2 * TIME_DAY;
}

/* All pages of a search by time, as the hours of the times found. */
static void run(struct store_reader *r, const struct store_search *base, char *out, size_t cap)
{
	char cursor[STORE_CURSOR_MAX] = "";
	size_t n = 0;

	out[0] = '\0';
	for (int page = 0; page < 50; page++) {
		struct arena a = whole;
		struct store_search want = *base;
		want.from = want.to = TIME_NONE;
		want.order = STORE_BY_TIME;
		want.cursor = str_of(cursor);
		struct store_page got = { 0 };
		struct store_coverage c = { 0 };

		(void)arena_bytes(&a, 1 << 20); /* the query lies there */
		if (!CHECK("scan", store_scan(r, &a, &want, &got, &c, NULL)))
			return;
		CHECK("page", got.n <= want.limit && c.n_damaged == 0 && c.n_missing == 0);
		for (size_t i = 0; i < got.n; i++)
			n += (size_t)snprintf(out + n, cap - n, "%d ",
					      (int)((got.items[i].event.time - noon) / TIME_HOUR));
		if (got.next[0] == '\0')
			return;
		snprintf(cursor, sizeof cursor, "%s", got.next);
	}
	CHECK("ends", false);
}

static void search(void)
{
	struct store *s = begin();
	struct store_reader *r = store_reader_new(folder, NULL);

	fill(s);
	for (size_t i = 0; i < COUNT(searches); i++)
		for (uint32_t limit = 1; limit <= 10; limit += 3) {
			struct arena a = whole;
			const struct query *q = NULL;
			char got[256];

			CHECK(searches[i].name, query_parse(&a, str_of(searches[i].q), &q, NULL));
			const struct store_search base = { .query = q,
							   .oldest_first = searches[i].oldest,
							   .limit = limit };
			run(r, &base, got, sizeof got);
			if (!CHECK(searches[i].name, strcmp(got, searches[i].want) == 0))
				printf("  limit %u: '%s', not '%s'\n", limit, got,
				       searches[i].want);
		}
	store_reader_free(r);
	end(s);
}

/* Sources 1 to 3 of fill() sent these; `only` as digits. */
static const struct {
	const char *name, *only, *q, *want;
} senders[] = {
	{ "nobody", "", "", "" },
	{ "the first", "1", "", "7 6 5 4 3 2 1 0 " },
	{ "the second", "2", "", "9 " },
	{ "two of them", "23", "", "10 9 " },
	{ "two and a word", "13", "alpha", "5 3 1 " },
	{ "all", "123", "", "10 9 7 6 5 4 3 2 1 0 " },
	{ "by its number", "1", "canh.source:2", "" },
	{ "by its name", "1", "canh.source:second", "" },
};

static void sent_by(void)
{
	struct store *s = begin();
	struct store_reader *r = store_reader_new(folder, NULL);

	fill(s);
	for (size_t i = 0; i < COUNT(senders); i++) {
		struct arena a = whole;
		const struct query *q = NULL;
		uint32_t ids[3];
		struct store_search want = {
			.from = noon, .to = noon + TIME_DAY, .limit = 1, .senders = ids
		};
		uint64_t bars[1], sum = 0;
		char got[256];

		for (const char *c = senders[i].only; *c != '\0'; c++)
			ids[want.n_senders++] = (uint32_t)(*c - '0');
		CHECK(senders[i].name, query_parse(&a, str_of(senders[i].q), &q, NULL));
		for (uint32_t limit = 1; limit <= 10; limit += 3) {
			want.query = q;
			want.limit = limit;
			run(r, &want, got, sizeof got);
			if (!CHECK(senders[i].name, strcmp(got, senders[i].want) == 0))
				printf("  limit %u: '%s'\n", limit, got);
		}
		want.query = q;
		struct store_bars all = { bars, 1 };
		struct store_coverage c = { 0 };

		CHECK(senders[i].name, store_histogram(r, &a, &want, &all, &c, NULL));
		for (const char *p = senders[i].want; *p != '\0'; p++)
			sum += *p == ' ';
		CHECK(senders[i].name, bars[0] == sum);
	}
	store_reader_free(r);
	end(s);
}

static void time_range(void)
{
	static const struct {
		const char *name;
		int from, to; /* hours; -99: open */
		size_t n;
	} cases[] = {
		{ "both ends count", 2, 5, 4 }, { "open begin", -99, 1, 2 },
		{ "open end", 7, -99, 3 },      { "nothing there", 8, 8, 0 },
		{ "before all", -50, -40, 0 },
	};
	struct store *s = begin();
	struct store_reader *r = store_reader_new(folder, NULL);

	fill(s);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = whole;
		struct store_search want = {
			.from = cases[i].from == -99 ? TIME_NONE : noon + cases[i].from * TIME_HOUR,
			.to = cases[i].to == -99 ? TIME_NONE : noon + cases[i].to * TIME_HOUR,
			.limit = 100
		};
		struct store_page got = { 0 };
		struct store_coverage c = { 0 };

		CHECK(cases[i].name, store_scan(r, &a, &want, &got, &c, NULL));
		CHECK(cases[i].name, got.n == cases[i].n && got.next[0] == '\0' && c.complete);
		CHECK(cases[i].name, c.events >= got.n && c.events <= 9 && c.blocks <= 4);
	}
	struct arena a = whole;
	uint64_t counts[5] = { 0 };
	struct store_bars bars = { counts, COUNT(counts) };
	struct store_coverage c = { 0 };
	struct store_search want = { .from = noon, .to = noon + 10 * TIME_HOUR - 1 };

	CHECK("histogram", store_histogram(r, &a, &want, &bars, &c, NULL));
	CHECK("histogram", counts[0] == 2 && counts[1] == 2 && counts[2] == 2 && counts[3] == 2 &&
				   counts[4] == 1);
	want.to = TIME_NONE;
	CHECK("open histogram", !store_histogram(r, &a, &want, &bars, &c, NULL));
	store_reader_free(r);
	end(s);
}

static void one_event(void)
{
	struct store *s = begin();
	struct store_reader *r = store_reader_new(folder, NULL);
	struct arena a = whole;
	struct store_search want = { .from = noon + 4 * TIME_HOUR,
				     .to = noon + 4 * TIME_HOUR,
				     .limit = 9 };
	struct store_page page = { 0 };
	struct store_coverage c = { 0 };
	struct store_found got = { 0 };
	struct store_id id;
	struct err why = { 0 };
	char text[STORE_ID_MAX];

	fill(s);
	if (!CHECK("found", store_scan(r, &a, &want, &page, &c, NULL) && page.n == 1))
		return;
	store_id_text(&page.items[0].id, text);
	CHECK("name", strcmp(text, "2026-11-21-1-0") == 0);
	CHECK("parse", store_id_parse(str_of(text), &id) && store_event(r, &a, &id, &got, NULL));
	CHECK("same", str_eq(got.event.raw, page.items[0].event.raw) && got.event.n_fields > 3 &&
			      got.event.time == noon + 4 * TIME_HOUR && got.event.seq > 0);
	CHECK("field", str_eq(event_ecs(&got.event, ECS_USER_NAME), STR("Bob")));
	CHECK("source", got.source != NULL && str_eq(got.source->name, STR("first")));
	CHECK("format", got.format != NULL && strcmp(got.format, "kv") == 0);
	id.record = 99;
	CHECK("no record", !store_event(r, &a, &id, &got, &why) && why.kind == ERR_ABSENT);
	id = (struct store_id){ id.day, 99, 0 };
	CHECK("no block", !store_event(r, &a, &id, &got, &why) && why.kind == ERR_ABSENT);
	id = (struct store_id){ id.day + 9, 1, 0 };
	CHECK("no day", !store_event(r, &a, &id, &got, &why) && why.kind == ERR_ABSENT);
	static const char *const bad[] = { "",
					   "2026-11-21",
					   "2026-11-21-1",
					   "2026-11-21-0-0",
					   "2026-11-21-1-0-",
					   "2026-13-21-1-0",
					   "2026-11-21-1-x" };
	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK(bad[i], !store_id_parse(str_of(bad[i]), &id));
	store_reader_free(r);
	end(s);
}

/* One event after another, there and back, what is not there between them: each as if asked for alone. */
static void visit(void)
{
	struct store *s = begin();
	struct store_reader *r = store_reader_new(folder, NULL);
	struct arena a = whole;
	struct store_search all = { .from = TIME_NONE, .to = TIME_NONE, .limit = 100 };
	struct store_page page = { 0 };
	struct store_coverage c = { 0 };
	struct err why = { 0 };

	fill(s);
	if (!CHECK("all", store_scan(r, &a, &all, &page, &c, NULL) && page.n == 10))
		return;
	struct store_visit *v = store_visit_begin(r, &a);

	for (size_t i = 0; v != NULL && i < 2 * page.n; i++) {
		const struct store_found *want = &page.items[i < page.n ? i : 2 * page.n - 1 - i];
		struct store_found got = { 0 };
		struct store_id none = want->id;
		struct arena scratch = a; /* what an event took is taken anew by the next */

		CHECK("found", store_visit_event(v, &scratch, &want->id, &got, &why));
		CHECK("the same", str_eq(got.event.raw, want->event.raw) &&
					  got.event.time == want->event.time &&
					  got.event.n_fields == want->event.n_fields &&
					  str_eq(got.source->name, want->source->name));
		none.record += 99;
		CHECK("no record",
		      !store_visit_event(v, &scratch, &none, &got, &why) && why.kind == ERR_ABSENT);
		none.block += i % 2 == 0 ? 99 : 0;
		none.day += i % 3 == 0 ? 9 : 0;
		CHECK("nothing there",
		      !store_visit_event(v, &scratch, &none, &got, &why) && why.kind == ERR_ABSENT);
	}
	CHECK("visited", v != NULL);
	store_visit_end(v);
	store_reader_free(r);
	end(s);
}

static void hits_and_sources(void)
{
	static const struct rule_info rule = { .id = STR("r"), .title = STR("T") };
	static const struct hit hit = { .kind = HIT_RULE, .rule = &rule, .text = STR("x") };
	struct store *s = begin();
	struct store_reader *r = store_reader_new(folder, NULL);
	struct arena a = whole;
	struct store_hit_row after = { 0 };
	struct store_hit_rows got = { 0 };
	const struct source_info *sources = NULL;
	uint32_t id;
	size_t n = 0, seen = 0;

	CHECK("source", store_source(s, SOURCE_FILE, STR(""), STR("/var/log/x"), &id, NULL));
	for (int i = 0; i < 10; i++) {
		struct store_ref ref = put(s, id, noon + i * TIME_SECOND, "hit me");

		CHECK("hit", store_hit(s, &ref, &hit, NULL));
		CHECK("drop", store_drop(s, id, STR("too_long"), 2, NULL));
		if (i % 3 == 0)
			commit(s);
		if (i == 5)
			now += TIME_DAY;
	}
	commit(s);
	do {
		CHECK("after", store_hits_after(r, &a, &after, 4, &got, NULL));
		for (size_t i = 0; i < got.n; i++, seen++) {
			CHECK("in order", got.rows[i].time == noon + (int64_t)seen * TIME_SECOND);
			CHECK("what", str_eq(got.rows[i].id, STR("r")) &&
					      str_eq(got.rows[i].matched, STR("x")));
			CHECK("about", str_find(got.rows[i].about, STR("\"title\":\"T\"")) <
					       got.rows[i].about.n);
		}
		if (got.n > 0)
			after = got.rows[got.n - 1];
	} while (got.n > 0);
	CHECK("each once", seen == 10);
	CHECK("sources", store_sources(r, &a, &sources, &n, NULL) && n == 1);
	CHECK("totals",
	      sources[0].stored == 10 && sources[0].dropped == 20 && sources[0].unparsed == 10);
	CHECK("before", sources[0].before_stored == 4 && sources[0].before_dropped == 8);
	CHECK("reasons", sources[0].n_drops == 1 && sources[0].drops[0].n == 20 &&
				 str_eq(sources[0].drops[0].name, STR("too_long")));
	CHECK("formats", sources[0].n_formats == 1 && sources[0].formats[0].n == 10);
	now -= TIME_DAY;
	store_reader_free(r);
	end(s);
}

/* Lines that mean what a `#Fields` before them says, in another block, on another day, after a restart. */
static void directives(void)
{
	struct store *s = begin();
	struct store_reader *r = store_reader_new(folder, NULL);
	struct store_search want = {
		.from = TIME_NONE, .to = TIME_NONE, .limit = 9, .oldest_first = true
	};
	struct store_page page = { 0 };
	struct store_coverage c = { 0 };
	struct arena a = whole;
	uint32_t id;

	CHECK("source", store_source(s, SOURCE_FILE, STR(""), STR("u_ex.log"), &id, NULL));
	put(s, id, noon, "#Software: Microsoft Internet Information Services 10.0");
	put(s, id, noon + 1, "#Fields: date time c-ip cs-method cs-uri-stem sc-status");
	put(s, id, noon + 2, "2026-11-20 05:00:00 192.0.2.1 GET /one 200");
	commit(s);
	put(s, id, noon + 3, "2026-11-20 05:00:00 192.0.2.2 GET /two 200");
	now += TIME_DAY;
	commit(s);
	store_close(s);
	s = store_open(folder, clock_now, NULL);
	CHECK("kept over a restart",
	      store_source(s, SOURCE_FILE, STR(""), STR("u_ex.log"), &id, NULL) &&
		      str_find(store_context(s, id), STR("#Fields: date")) > 0 &&
		      str_ends(store_context(s, id), STR("sc-status")));
	CHECK("totals go on", store_totals(s, id).stored == 4 && store_totals(s, id).dropped == 0);
	put(s, id, noon + 4, "2026-11-20 05:00:00 192.0.2.3 GET /three 200");
	put(s, id, noon + 5, "#Fields: date time sc-status c-ip cs-uri-stem");
	put(s, id, noon + 6, "2026-11-20 05:00:00 404 192.0.2.4 /four");
	commit(s);
	now -= TIME_DAY;
	if (!CHECK("scan", store_scan(r, &a, &want, &page, &c, NULL) && page.n == 7))
		return;
	static const struct {
		size_t at;
		struct str path;
	} cases[] = {
		{ 2, STR("/one") }, { 3, STR("/two") }, { 4, STR("/three") }, { 6, STR("/four") }
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct event *ev = &page.items[cases[i].at].event;

		CHECK(cases[i].path.p, str_eq(event_ecs(ev, ECS_URL_PATH), cases[i].path));
	}
	store_reader_free(r);
	end(s);
}

/* The same for a table with a header line, and a source that has both. */
static void tables(void)
{
	static const char *const lines[] = {
		"Time,Computer,Source IP,Action",         "2026-11-20 12:00:00,pc1,192.0.2.1,Allow",
		"2026-11-20 12:00:01,pc2,192.0.2.2,Deny", "Time,Source IP,Computer,Action",
		"2026-11-20 12:00:02,192.0.2.3,pc3,Deny",
	};
	static const struct str want_ip[COUNT(lines)] = {
		[1] = STR("192.0.2.1"), [2] = STR("192.0.2.2"), [4] = STR("192.0.2.3")
	};
	struct store *s = begin();
	struct store_reader *r = store_reader_new(folder, NULL);
	struct store_search want = {
		.from = TIME_NONE, .to = TIME_NONE, .limit = 9, .oldest_first = true
	};
	struct store_page page = { 0 };
	struct store_coverage c = { 0 };
	struct arena a = whole;
	uint32_t id;

	CHECK("source", store_source(s, SOURCE_FILE, STR(""), STR("av.csv"), &id, NULL));
	for (size_t i = 0; i < COUNT(lines); i++) {
		put(s, id, noon + (int64_t)i, lines[i]);
		if (i == 1)
			commit(s);
	}
	CHECK("context", str_eq(store_context(s, id), str_of(lines[3])));
	commit(s);
	put(s, id, noon + 7, "#Fields: date time c-ip");
	put(s, id, noon + 8, "2026-11-20 05:00:00 192.0.2.9");
	commit(s);
	if (!CHECK("scan", store_scan(r, &a, &want, &page, &c, NULL) && page.n == 7))
		return;
	for (size_t i = 0; i < COUNT(lines); i++)
		CHECK(lines[i], str_eq(event_ecs(&page.items[i].event, ECS_SOURCE_IP), want_ip[i]));
	CHECK("W3C", str_eq(event_ecs(&page.items[6].event, ECS_SOURCE_IP), STR("192.0.2.9")));
	store_reader_free(r);
	end(s);
}

static void gaps(void)
{
	struct store *s = begin();
	struct store_reader *r = store_reader_new(folder, NULL);
	struct arena a = whole;
	struct store_search want = { .from = TIME_NONE, .to = TIME_NONE, .limit = 9 };
	struct store_page page = { 0 };
	struct store_coverage c = { 0 };
	struct store_receipt got;
	uint32_t id;
	char path[DAY_PATH_MAX];

	CHECK("empty", store_scan(r, &a, &want, &page, &c, NULL) && page.n == 0);
	CHECK("source", store_source(s, SOURCE_FILE, STR(""), STR("x"), &id, NULL));
	put(s, id, noon, "one");
	commit(s);
	now += TIME_DAY;
	put(s, id, noon + TIME_DAY, "two");
	commit(s);
	now += 2 * TIME_DAY;
	put(s, id, noon + 3 * TIME_DAY, "three");
	CHECK("commit", store_commit(s, &got, NULL));
	while (store_closing(s) > 0)
		CHECK("tick", store_tick(s, NULL));
	CHECK("path", day_path(folder, got.day - 2, path, NULL) && unlink(path) == 0);
	CHECK("scan", store_scan(r, &a, &want, &page, &c, NULL) && page.n == 2);
	CHECK("days", c.n_days == 2 && c.n_missing == 2 && c.n_damaged == 0);
	CHECK("lost", c.missing[0].day == got.day - 2 &&
			      strcmp(c.missing[0].why.id, "the file of day %s is missing") == 0);
	CHECK("never", c.missing[1].day == got.day - 1 &&
			       strcmp(c.missing[1].why.id, "nothing was received on %s") == 0);
	now -= 3 * TIME_DAY;
	store_reader_free(r);
	end(s);
}

int main(void)
{
	if (!arena_reserve(&whole, (size_t)512 << 20))
		return 1;
	now = noon;
	parser = reader_new(&(struct read_ctx){ 0 });
	search();
	sent_by();
	time_range();
	one_event();
	visit();
	hits_and_sources();
	directives();
	tables();
	gaps();
	reader_free(parser);
	arena_release(whole);
	return TEST_REPORT();
}
