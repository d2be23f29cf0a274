/* SPDX-License-Identifier: Apache-2.0 */
#include "store/writer.h"

#include "base/test.h"
#include "event/formats.h"
#include "store/day.h"
#include "store/test_folder.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

/* 2026-11-22T23:59:00+07:00 */
static const int64_t evening = INT64_C(1795366740) * TIME_SECOND;
static int64_t now;
static struct arena whole;

static int64_t clock_now(void)
{
	return now;
}

static struct event line(uint32_t source, const char *raw)
{
	static uint64_t seq;

	return (struct event){ .time = now - TIME_SECOND,
			       .received = now,
			       .seq = ++seq,
			       .source = source,
			       .time_told = true,
			       .raw = str_of(raw) };
}

static int64_t ask(const char *folder, int32_t day, const char *sql)
{
	struct db *db = day_open(folder, day, NULL);
	int64_t n = -1;

	if (db != NULL && !db_number(db, sql, NULL, 0, &n, NULL))
		n = -2;
	db_close(db);
	return n;
}

static void days(void)
{
	static const struct {
		int64_t t;
		const char *text;
	} cases[] = {
		{ INT64_C(1795366799999999), "2026-11-22" },
		{ INT64_C(1795366800000000), "2026-11-23" },
		{ 0, "1970-01-01" },
		{ -7 * TIME_HOUR, "1970-01-01" },
		{ -7 * TIME_HOUR - 1, "1969-12-31" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[TIME_TEXT_MAX];
		int32_t day;

		CHECK(cases[i].text,
		      strcmp(day_text(day_of(cases[i].t), text), cases[i].text) == 0);
		CHECK(cases[i].text, day_parse(str_of(cases[i].text), &day));
		CHECK(cases[i].text, day == day_of(cases[i].t) && day_of(day_begin(day)) == day &&
					     day_of(day_begin(day) - 1) == day - 1);
	}
}

static void stage_and_commit(void)
{
	char folder[TEST_FOLDER_MAX];
	struct store_receipt got = { 0 };
	struct store_ref ref;
	struct store_root head;
	struct err why = { 0 };
	uint32_t a, b;

	test_folder_make(folder);
	struct store *s = store_open(folder, clock_now, &why);

	CHECK("open", s != NULL);
	CHECK("a second writer",
	      store_open(folder, clock_now, &why) == NULL && why.kind == ERR_STATE);
	CHECK("nothing staged", !store_waiting(s) && store_commit(s, &got, &why) && got.batch == 0);
	CHECK("source", store_source(s, SOURCE_UDP, STR("192.0.2.1"), STR(":514"), &a, &why));
	CHECK("source", store_source(s, SOURCE_PUSH, STR("token"), STR("x"), &b, &why) && a != b);
	for (int i = 0; i < 3; i++) {
		struct event ev = line(i < 2 ? a : b, "hello");

		CHECK("add", store_add(s, &ev, &ref, &why) && ref.record == (uint32_t)i);
	}
	CHECK("drop", store_drop(s, a, STR("too_long"), 5, &why));
	CHECK("commit", store_commit(s, &got, &why));
	CHECK("receipt", got.batch == 1 && got.first_block == 1 && got.n_blocks == 1 &&
				 got.n_events == 3 && got.n_hits == 0);
	CHECK("counted", ask(folder, got.day, "SELECT stored FROM sources WHERE id = 1") == 2);
	CHECK("counted", ask(folder, got.day, "SELECT dropped FROM sources WHERE id = 1") == 5);
	CHECK("counted", ask(folder, got.day, "SELECT n FROM counts WHERE what = 'drop'") == 5);
	store_head(s, &head);
	CHECK("head", head.blocks == 1 && head.records == 3);
	store_close(s);

	struct store_root again;

	s = store_open(folder, clock_now, &why);
	CHECK("reopen", s != NULL);
	store_head(s, &again);
	CHECK("same head", again.blocks == 1 && merkle_same(&again.root, &head.root));
	CHECK("same source", store_source(s, SOURCE_UDP, STR("192.0.2.1"), STR(":514"), &b, &why) &&
				     b == a && !store_waiting(s));
	CHECK("only counted", store_drop(s, a, STR("too_long"), 1, &why) &&
				      store_commit(s, &got, &why) && got.n_blocks == 0);
	CHECK("counted", ask(folder, got.day, "SELECT dropped FROM sources WHERE id = 1") == 6);
	store_close(s);
	test_folder_remove(folder);
}

static const struct rule_info rule = { .id = STR("r-1"),
				       .title = STR("Log cleared"),
				       .title_vi = STR("Nhật ký bị xóa"),
				       .severity = SEV_HIGH,
				       .tags = &STR("attack.t1070"),
				       .n_tags = 1 };
static const struct list_info list = { .id = STR("l-1"),
				       .name = STR("C2"),
				       .kind = LIST_C2,
				       .valid_from = TIME_NONE,
				       .valid_until = TIME_NONE };

static void hits(void)
{
	static const struct hit of_rule = { .kind = HIT_RULE,
					    .severity = SEV_HIGH,
					    .use = HIT_ALERT,
					    .rule = &rule,
					    .field = STR("EventID"),
					    .text = STR("1102") };
	static const struct hit of_list = { .kind = HIT_INDICATOR,
					    .severity = SEV_HIGH,
					    .use = HIT_ALERT,
					    .type = IND_IP,
					    .list = &list,
					    .line = 12,
					    .indicator = STR("203.0.113.9") };
	char folder[TEST_FOLDER_MAX];
	struct store_receipt got = { 0 };
	struct store_ref first = { 0 }, big = { 0 }, last = { 0 };
	struct err why = { 0 };
	uint32_t a;

	test_folder_make(folder);
	struct store *s = store_open(folder, clock_now, &why);
	char *raw = calloc(1, (1 << 20) + 1);

	memset(raw, 'x', 1 << 20);
	CHECK("source", store_source(s, SOURCE_TCP, STR("192.0.2.1"), STR(":514"), &a, &why));
	struct event small = line(a, "small"), huge = line(a, raw);

	CHECK("add", store_add(s, &small, &first, &why) && store_add(s, &huge, &big, &why) &&
			     store_add(s, &small, &last, &why));
	CHECK("three blocks", first.block == 0 && big.block == 1 && last.block == 2);
	CHECK("hit", store_hit(s, &last, &of_rule, &why) && store_hit(s, &first, &of_rule, &why) &&
			     store_hit(s, &last, &of_list, &why));
	CHECK("commit", store_commit(s, &got, &why) && got.n_blocks == 3 && got.n_hits == 3);
	CHECK("in order of blocks",
	      ask(folder, got.day, "SELECT block FROM hits WHERE n = 1") == 1);
	CHECK("in order of blocks",
	      ask(folder, got.day, "SELECT block FROM hits WHERE n = 3") == 3);
	CHECK("what it is about", ask(folder, got.day, "SELECT count(*) FROM abouts") == 2);
	CHECK("line", ask(folder, got.day, "SELECT line FROM hits WHERE kind = 'indicator'") == 12);
	CHECK("hits of a block", ask(folder, got.day, "SELECT hits FROM blocks WHERE n = 3") == 2);
	free(raw);
	store_close(s);
	test_folder_remove(folder);
}

static void streams_and_answers(void)
{
	char folder[TEST_FOLDER_MAX];
	struct store_receipt got = { 0 };
	struct store_stream at;
	struct store_answer q = { .token = STR("t"), .key = STR("k") };
	struct err why = { 0 };
	struct arena a = whole;

	test_folder_make(folder);
	struct store *s = store_open(folder, clock_now, &why);

	CHECK("no stream",
	      !store_stream_find(s, &a, STR("conn:1"), &at, &why) && why.kind == ERR_ABSENT);
	at = (struct store_stream){ .place = 100, .inode = 7, .head = STR("\1\2") };
	CHECK("set", store_stream_set(s, STR("conn:1"), &at, &why));
	at.place = 150;
	CHECK("set again", store_stream_set(s, STR("conn:1"), &at, &why) && store_waiting(s));
	CHECK("no answer", !store_answer_find(s, &a, &q, &why) && why.kind == ERR_ABSENT);
	q.request = STR("hash");
	q.answer = STR("{\"stored\":1}");
	CHECK("keep", store_answer_set(s, &q, &why));
	CHECK("staged", !store_answer_find(s, &a, &q, &why) && why.kind == ERR_STATE);
	CHECK("commit", store_commit(s, &got, &why));
	CHECK("stream", store_stream_find(s, &a, STR("conn:1"), &at, &why) && at.place == 150 &&
				at.inode == 7 && str_eq(at.head, STR("\1\2")));
	q.answer = q.request = (struct str){ NULL, 0 };
	CHECK("answer", store_answer_find(s, &a, &q, &why) &&
				str_eq(q.answer, STR("{\"stored\":1}")) &&
				str_eq(q.request, STR("hash")));
	now += 12 * TIME_HOUR;
	CHECK("over the day", store_tick(s, &why));
	CHECK("answer", store_answer_find(s, &a, &q, &why));
	CHECK("stream", store_stream_find(s, &a, STR("conn:1"), &at, &why) && at.place == 150);
	now += 12 * TIME_HOUR;
	CHECK("24 hours later", !store_answer_find(s, &a, &q, &why) && why.kind == ERR_ABSENT);
	CHECK("forget", store_stream_forget(s, STR("conn:1"), &why) && store_commit(s, &got, &why));
	CHECK("forgotten", !store_stream_find(s, &a, STR("conn:1"), &at, &why));
	store_close(s);
	test_folder_remove(folder);
}

static void roll_over(void)
{
	char folder[TEST_FOLDER_MAX], path[DAY_PATH_MAX];
	struct store_receipt got = { 0 };
	struct store_ref ref;
	struct err why = { 0 };
	struct stat st = { 0 };
	uint32_t a;

	now = evening;
	test_folder_make(folder);
	struct store *s = store_open(folder, clock_now, &why);
	int32_t day = day_of(evening);

	CHECK("source", store_source(s, SOURCE_TCP, STR("192.0.2.1"), STR(":514"), &a, &why));
	struct event ev = line(a, "before midnight");

	CHECK("commit", store_add(s, &ev, &ref, &why) && store_commit(s, &got, &why));
	CHECK("day", got.day == day);
	CHECK("staged before midnight", store_add(s, &ev, &ref, &why));
	now += TIME_MINUTE;
	CHECK("commit after", store_commit(s, &got, &why) && got.day == day + 1 && got.batch == 1);
	CHECK("to be closed", store_closing(s) == 1);
	struct db *reader = day_open(folder, day, &why);

	CHECK("a reader is in the way", !store_tick(s, &why) && why.kind == ERR_STATE);
	db_close(reader);
	for (int i = 0; i < 3 && store_closing(s) > 0; i++)
		CHECK("tick", store_tick(s, &why));
	CHECK("closed", store_closing(s) == 0);
	CHECK("totals go on", ask(folder, day + 1, "SELECT stored FROM sources") == 2);
	CHECK("beginning of the day",
	      ask(folder, day + 1, "SELECT carried_stored FROM sources") == 1);
	CHECK("row", ask(folder, day + 1, "SELECT blocks FROM days") == 1);
	CHECK("marked", ask(folder, day, "SELECT closed FROM day") == now);
	CHECK("path", day_path(folder, day, path, NULL) && stat(path, &st) == 0);
	CHECK("size", ask(folder, day + 1, "SELECT size FROM days") == st.st_size);
	snprintf(path + strlen(path), 8, "-wal");
	CHECK("no log beside", stat(path, &st) == -1);
	now -= TIME_DAY;
	ev.received = now;
	CHECK("clock went back",
	      store_add(s, &ev, &ref, &why) && store_commit(s, &got, &why) && got.day == day + 1);
	store_close(s);
	s = store_open(folder, clock_now, &why);
	CHECK("reopened while back", s != NULL && store_add(s, &ev, &ref, &why) &&
					     store_commit(s, &got, &why) && got.day == day + 1);
	CHECK("totals", ask(folder, day + 1, "SELECT stored FROM sources") == 4);
	store_close(s);
	now = evening + 10 * TIME_DAY;
	s = store_open(folder, clock_now, &why);
	CHECK("days later", s != NULL && store_closing(s) == 1);
	CHECK("tick", store_tick(s, &why) && store_closing(s) == 0);
	CHECK("both rows", ask(folder, day + 10, "SELECT count(*) FROM days") == 2);
	store_close(s);
	test_folder_remove(folder);
}

/* A file that cannot be written any more does not stop intake. */
static void damaged_file(void)
{
	char folder[TEST_FOLDER_MAX], path[DAY_PATH_MAX], zeros[8192] = { 0 };
	struct store_receipt got = { 0 };
	struct store_ref ref;
	struct err why = { 0 };
	uint32_t a;

	test_folder_make(folder);
	for (int i = 0; i < 3; i++) {
		struct store *s = store_open(folder, clock_now, &why);
		struct event ev = { .time = now, .received = now, .raw = STR("x") };

		if (!CHECK("open", s != NULL))
			return;
		CHECK("left", (store_damaged(s) != NULL) == (i == 2));
		CHECK("commit", store_source(s, SOURCE_TCP, STR("192.0.2.1"), STR(""), &a, &why));
		ev.source = a;
		CHECK("commit", store_add(s, &ev, &ref, &why) && store_commit(s, &got, &why));
		store_close(s);
		if (i == 0)
			now += TIME_DAY;
		if (i != 1)
			continue;
		if (!day_path(folder, got.day, path, NULL))
			abort();
		int fd = open(path, O_WRONLY | O_CLOEXEC);

		CHECK("damage", pwrite(fd, zeros, sizeof zeros, 0) == sizeof zeros);
		close(fd);
	}
	CHECK("in the next day's file", got.day == day_of(now) + 1);
	CHECK("totals of the day before", ask(folder, got.day, "SELECT stored FROM sources") == 2);
	now -= TIME_DAY;
	test_folder_remove(folder);
}

static void many_sources(void)
{
	char folder[TEST_FOLDER_MAX], peer[32];
	struct store_receipt got = { 0 };
	struct err why = { 0 };
	uint32_t id = 0, over = 0, other;

	test_folder_make(folder);
	struct store *s = store_open(folder, clock_now, &why);

	for (int turn = 0; turn < 2; turn++) {
		for (int i = 0; i < SOURCES_PER_KIND; i++) {
			snprintf(peer, sizeof peer, "198.51.%d.%d", i / 256, i % 256);
			if (!store_source(s, SOURCE_UDP, str_of(peer), STR(":514"), &id, &why))
				abort();
			if ((int)id != i + 1)
				CHECK("number", false);
		}
		CHECK("overflow",
		      store_source(s, SOURCE_UDP, STR("203.0.113.1"), STR(""), &over, &why));
		CHECK("one overflow",
		      store_source(s, SOURCE_UDP, STR("203.0.113.2"), STR(""), &id, &why) &&
			      id == over && over == SOURCES_PER_KIND + 1);
		CHECK("another kind",
		      store_source(s, SOURCE_TCP, STR("203.0.113.1"), STR(""), &other, &why) &&
			      other == over + 1);
		CHECK("commit", store_commit(s, &got, &why));
		CHECK("rows",
		      ask(folder, got.day, "SELECT count(*) FROM sources") == SOURCES_PER_KIND + 2);
		store_close(s);
		s = store_open(folder, clock_now, &why);
	}
	struct store_ref ref;
	struct field host = { .id = ECS_HOST_NAME };

	for (int i = 0; i < 300; i++) {
		struct event ev = line(other, "x");

		snprintf(peer, sizeof peer, "host-%d", i);
		host.val = str_of(peer);
		ev.fields = &host;
		ev.n_fields = 1;
		if (!store_add(s, &ev, &ref, &why))
			abort();
	}
	CHECK("commit", store_commit(s, &got, &why));
	CHECK("hosts are capped",
	      ask(folder, got.day, "SELECT count(*) FROM hosts") == SOURCE_MAX_HOSTS);
	store_close(s);
	test_folder_remove(folder);
}

int main(void)
{
	if (!arena_reserve(&whole, (size_t)1 << 20))
		return 1;
	now = evening;
	days();
	stage_and_commit();
	hits();
	streams_and_answers();
	roll_over();
	damaged_file();
	many_sources();
	arena_release(whole);
	return TEST_REPORT();
}
