/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify_test.c - every flipped bit is named. For closed days that holds for each byte of the file;
 * for an open day a flip that is not named must leave every row as it was.
 */
#include "store/verify.h"

#include "base/file.h"
#include "base/test.h"
#include "event/formats.h"
#include "store/day.h"
#include "store/reader.h"
#include "store/row.h"
#include "store/test_folder.h"
#include "store/writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FLIPS_OPEN = 400, FLIPS_CLOSED = 80 };

/* 2026-11-20T12:00:00+07:00 */
static const int64_t noon = INT64_C(1795150800) * TIME_SECOND;
static int64_t now;
static char folder[TEST_FOLDER_MAX];
static struct arena whole;

static int64_t clock_now(void)
{
	return now;
}

static const struct rule_info rule = { .id = STR("r"), .title = STR("A rule") };
static const struct hit hit = { .kind = HIT_RULE, .rule = &rule, .text = STR("matched text") };

/* A day with several batches and something in every table. */
static void fill(struct store *s, int batches)
{
	struct store_receipt got;
	struct store_ref ref;
	uint32_t a, b;
	char raw[200];

	CHECK("source", store_source(s, SOURCE_TCP, STR("192.0.2.1"), STR(":514"), &a, NULL) &&
				store_source(s, SOURCE_PUSH, STR("token"), STR("x"), &b, NULL));
	for (int i = 0; i < batches; i++) {
		for (int j = 0; j < 40; j++) {
			struct field host = { .id = ECS_HOST_NAME, .val = STR("host-1") };
			struct event ev = { .time = now + j,
					    .received = now,
					    .seq = (uint64_t)j,
					    .source = j % 2 ? a : b,
					    .fields = &host,
					    .n_fields = 1 };

			snprintf(raw, sizeof raw, "line %d of batch %d %u", j, i,
				 (unsigned)(j * 7919 * i));
			ev.raw = str_of(raw);
			if (!store_add(s, &ev, &ref, NULL) ||
			    (j % 8 == 0 && !store_hit(s, &ref, &hit, NULL)))
				abort();
		}
		struct store_stream at = { .place = (uint64_t)i, .head = STR("\1") };
		struct store_answer answer = { .token = STR("t"),
					       .key = { raw, 6 },
					       .answer = STR("{}") };

		CHECK("commit", store_drop(s, a, STR("too_long"), 1, NULL) &&
					store_stream_set(s, STR("conn:1"), &at, NULL) &&
					store_answer_set(s, &answer, NULL) &&
					store_commit(s, &got, NULL));
	}
}

static uint64_t faults_named; /* with a file */
static struct err last_fault;

static void fault(void *ctx, const struct store_fault *f)
{
	bool *print = ctx;
	char text[256];

	faults_named += f->file != NULL;
	last_fault = f->why;
	if (print != NULL)
		printf("  %s block %jd: %s\n", f->file, (intmax_t)f->block,
		       err_text(&f->why, LANG_EN, text, sizeof text));
}

static struct store_verdict verify(const struct store_seen *seen, size_t n)
{
	struct store_verify what = { .folder = folder, .seen = seen, .n_seen = n, .fault = fault };
	struct store_verdict got;
	struct err why;

	faults_named = 0;
	CHECK("can look", store_verify(&what, &got, &why));
	return got;
}

static void holds(const char *name)
{
	bool print = true;
	struct store_verify what = { .folder = folder, .fault = fault, .ctx = &print };
	struct store_verdict got;

	CHECK(name, store_verify(&what, &got, NULL) && got.faults == 0 && got.blocks > 0);
}

/* Everything that the tables hold, as one hash. */
static void dump(int32_t day, unsigned char out[HASH_SHA256_LEN])
{
	static const struct day_table more[] = {
		{ "blocks", "SELECT " BLOCK_COLUMNS " FROM blocks ORDER BY n", "iiiiiiiiiibibb" },
		{ "bodies", "SELECT n, body FROM bodies ORDER BY n", "ib" },
		{ "hits",
		  "SELECT batch, n, block, record, time, kind, severity, use, excepted, id, line,"
		  " indicator, type, field, matched, about FROM hits",
		  "iiiiitttitittttb" },
		{ "abouts", "SELECT hash, about FROM abouts", "bt" },
	};
	struct db *db = day_open(folder, day, NULL);
	struct db_val vals[ROW_MAX];
	struct hash all;

	memset(out, 0, HASH_SHA256_LEN);
	if (db == NULL)
		return;
	hash_begin(&all, HASH_SHA256);
	for (size_t i = 0; i < day_tables_n + COUNT(more); i++) {
		const struct day_table *t = i < day_tables_n ? &day_tables[i]
							     : &more[i - day_tables_n];
		struct db_rows *r = db_query(db, t->select, NULL, 0, NULL);

		while (db_next(r))
			row_hash(&all, vals, row_take(r, t->kinds, vals));
		if (!db_end(r, NULL))
			hash_add(&all, STR("unreadable"));
	}
	hash_end(&all, out);
	db_close(db);
}

static void flip(const char *path, off_t at, unsigned char bit)
{
	unsigned char c;
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd == -1 || pread(fd, &c, 1, at) != 1)
		abort();
	c ^= bit;
	if (pwrite(fd, &c, 1, at) != 1)
		abort();
	close(fd);
}

static off_t size_of(const char *path)
{
	struct stat st;

	if (stat(path, &st) == -1)
		abort();
	return st.st_size;
}

static uint32_t next_random(void)
{
	static uint32_t x = 2463534242U;

	x ^= x << 13;
	x ^= x >> 17;
	return x ^= x << 5;
}

static void flips_open(void)
{
	unsigned char before[HASH_SHA256_LEN], after[HASH_SHA256_LEN];
	char path[DAY_PATH_MAX];
	unsigned named = 0, outside = 0;
	int32_t day = day_of(now);

	test_folder_make(folder);
	struct store *s = store_open(folder, clock_now, NULL);

	fill(s, 6);
	store_close(s);
	holds("open day");
	dump(day, before);
	if (!day_path(folder, day, path, NULL))
		abort();
	off_t size = size_of(path);

	for (int i = 0; i < FLIPS_OPEN; i++) {
		off_t at = i < 200 ? i : (off_t)(next_random() % (uint32_t)size);
		unsigned char bit = (unsigned char)(1U << (next_random() % 8));

		flip(path, at, bit);
		struct store_verdict got = verify(NULL, 0);

		dump(day, after);
		named += got.faults > 0;
		if (got.faults == 0) {
			outside++;
			if (!CHECK("a flip that is not named leaves all rows",
				   memcmp(before, after, sizeof after) == 0))
				printf("  at %jd bit %d\n", (intmax_t)at, bit);
		}
		flip(path, at, bit);
	}
	printf("open day: %u flips named, %u outside all rows, file of %jd bytes\n", named, outside,
	       (intmax_t)size);
	CHECK("flips in rows are named", named > 0);
	holds("as before");
	test_folder_remove(folder);
}

/* Where the rows lie: each flip there is named. */
static void flips_in_rows(void)
{
	static const struct str texts[] = { STR("192.0.2.1"), STR("host-1"), STR("conn:1"),
					    STR("too_long"),  STR("A rule"), STR("matched text") };
	char path[DAY_PATH_MAX];

	test_folder_make(folder);
	struct store *s = store_open(folder, clock_now, NULL);

	fill(s, 2);
	store_close(s);
	if (!day_path(folder, day_of(now), path, NULL))
		abort();
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct arena a = whole;
		struct str bytes;

		CHECK("load", file_load(&a, AT_FDCWD, path, 64 << 20, &bytes, NULL));
		size_t at = str_find(bytes, texts[i]);

		CHECK("found", at < bytes.n);
		flip(path, (off_t)at + 2, 4);
		CHECK(texts[i].p, verify(NULL, 0).faults > 0 && faults_named > 0);
		flip(path, (off_t)at + 2, 4);
	}
	holds("as before");
	test_folder_remove(folder);
}

static struct store *closed_days(int32_t *first)
{
	test_folder_make(folder);
	struct store *s = store_open(folder, clock_now, NULL);

	*first = day_of(now);
	fill(s, 3);
	now += TIME_DAY;
	fill(s, 2);
	while (store_closing(s) > 0)
		CHECK("tick", store_tick(s, NULL));
	return s;
}

static void flips_closed(void)
{
	char path[DAY_PATH_MAX];
	int32_t day;
	struct store *s = closed_days(&day);

	holds("closed day beside a live writer");
	if (!day_path(folder, day, path, NULL) || chmod(path, 0600) == -1)
		abort();
	off_t size = size_of(path);

	for (int i = 0; i < FLIPS_CLOSED; i++) {
		off_t at = (off_t)(next_random() % (uint32_t)size);

		flip(path, at, 1);
		CHECK("named", verify(NULL, 0).faults > 0 && faults_named > 0);
		flip(path, at, 1);
	}
	holds("as before");
	CHECK("removed", unlink(path) == 0 && verify(NULL, 0).faults == 1);
	CHECK("by name", strcmp(last_fault.id, "the file is missing") == 0);
	store_close(s);
	now -= TIME_DAY;
	test_folder_remove(folder);
}

static void witnessed(void)
{
	int32_t day;
	struct store *s = closed_days(&day);
	struct store_reader *r = store_reader_new(folder, NULL);
	struct arena a = whole;
	const struct store_day *days;
	size_t n;

	CHECK("days", store_days(r, &a, &days, &n, NULL) && n == 1 && days[0].root.day == day);
	struct store_seen seen[3] = { { .root = days[0].root, .closed = true } };

	memcpy(seen[0].hash, days[0].hash, sizeof seen[0].hash);
	struct store_root read = { .day = day + 1 };
	struct merkle_range tree = { 0 };

	CHECK("root read", store_day_more(r, &tree, &read, NULL));
	store_head(s, &seen[1].root);
	CHECK("root read", read.blocks == 2 && merkle_same(&read.root, &seen[1].root.root) &&
				   read.time_min == seen[1].root.time_min);
	CHECK("head", seen[1].root.day == day + 1 && seen[1].root.blocks == 2);
	fill(s, 1);
	store_head(s, &seen[2].root);
	struct store_verdict got = verify(seen, 3);

	CHECK("all agree", got.faults == 0 && got.seen == 3 && got.days == 2);
	CHECK("newest",
	      got.newest.blocks == 3 && merkle_same(&got.newest.root, &seen[2].root.root));
	CHECK("root read on", store_day_more(r, &tree, &read, NULL) && read.blocks == 3 &&
				      read.records == seen[2].root.records &&
				      merkle_same(&read.root, &seen[2].root.root));
	seen[1].root.root.b[0] ^= 1;
	CHECK("another root", verify(seen, 3).faults == 1 &&
				      strcmp(last_fault.id, "the ledger knows another root of the "
							    "first %jd blocks") == 0);
	seen[1].root.root.b[0] ^= 1;
	seen[2].root.blocks = 9;
	CHECK("cut tail", verify(seen, 3).faults == 1 && last_fault.at == 3);
	seen[2].root.blocks = 3;
	seen[0].hash[5] ^= 1;
	CHECK("another closed file", verify(seen, 3).faults == 1);
	seen[0].hash[5] ^= 1;
	seen[2].root.day = day + 5;
	CHECK("a day that only the ledger knows",
	      verify(seen, 3).faults == 1 && strcmp(last_fault.id, "the file is missing") == 0);
	store_reader_free(r);
	store_close(s);
	now -= TIME_DAY;
	test_folder_remove(folder);
}

/* --- retention --- */

static unsigned went;
static char age[] = "age", space[] = "space";

static void gone(void *ctx, const struct store_day *day, const char *reason)
{
	const char *want = ctx;

	CHECK("reason", strcmp(reason, want) == 0 && day->gone == now);
	went++;
}

/* With a ledger: a day that is gone must be named by it, and be that day. */
static void named(int32_t first)
{
	struct store_reader *r = store_reader_new(folder, NULL);
	struct store_verify what = { .folder = folder, .fault = fault, .told = true };
	struct store_verdict got;
	struct store_seen seen[16] = { 0 };
	const struct store_day *days;
	struct arena a = whole;
	size_t n = 0;

	CHECK("days", r != NULL && store_days(r, &a, &days, &n, NULL) && n > 2);
	for (size_t i = 0; i < n && i < 16; i++) {
		if (days[i].gone == TIME_NONE)
			continue;
		struct store_seen *s = &seen[what.n_seen++];
		s->root = days[i].root;
		s->gone = true;
		memcpy(s->hash, days[i].hash, sizeof s->hash);
	}
	CHECK("two are gone", what.n_seen == 2 && seen[0].root.day == first);
	what.seen = seen;
	CHECK("the ledger names both", store_verify(&what, &got, NULL) && got.faults == 0);
	what.n_seen = 1;
	CHECK("one is not named",
	      store_verify(&what, &got, NULL) && got.faults == 1 &&
		      strstr(last_fault.text, "the ledger does not say") != NULL);
	what.n_seen = 2;
	seen[1].root.root.b[3] ^= 1;
	CHECK("another day is named", store_verify(&what, &got, NULL) && got.faults == 1 &&
					      strstr(last_fault.text, "another day") != NULL);
	seen[1].root.root.b[3] ^= 1;
	/* kept by the store, taken by the ledger: only where there is no file */
	seen[1].gone = false;
	seen[1].closed = true;
	CHECK("closed, not gone, as the ledger says",
	      store_verify(&what, &got, NULL) && got.faults == 1);
	store_reader_free(r);
}

static bool held(void *ctx, int32_t day)
{
	(void)ctx;
	return day == day_of(noon) + 1;
}

/* Days 0 and 2 went at `now`: was one of them held then, by what the ledger says? */
static void taken_while_held(void)
{
	int32_t first = day_of(noon);
	const struct {
		const char *name;
		struct store_hold hold;
		uint64_t faults, held;
	} cases[] = {
		{ "nothing was held", { first + 1, first + 1, 0, INT64_MAX }, 0, 1 },
		{ "one that went", { first, first, 0, INT64_MAX }, 1, 0 },
		{ "both, and one that stays", { first, first + 2, 0, INT64_MAX }, 2, 1 },
		{ "held since later", { first, first + 2, now + 1, INT64_MAX }, 0, 0 },
		{ "released before", { first, first + 2, 0, now - 1 }, 0, 0 },
		{ "other days", { first - 9, first - 1, 0, INT64_MAX }, 0, 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct store_verify what = { .folder = folder,
					     .fault = fault,
					     .holds = &cases[i].hold,
					     .n_holds = 1,
					     .now = now };
		struct store_verdict got;

		CHECK(cases[i].name, store_verify(&what, &got, NULL) &&
					     got.faults == cases[i].faults &&
					     got.held == cases[i].held);
		CHECK(cases[i].name,
		      got.faults == 0 || strstr(last_fault.text, "while it was held") != NULL);
	}
}

static void retention(void)
{
	struct err why = { 0 };
	struct store_policy old = { .keep_days = 4, .held = held, .gone = gone, .ctx = age };
	struct store_policy full = {
		.min_free_bytes = UINT64_MAX, .held = held, .gone = gone, .ctx = space
	};
	char kept[DAY_PATH_MAX];

	test_folder_make(folder);
	struct store *s = store_open(folder, clock_now, NULL);

	for (int i = 0; i < 8; i++, now += TIME_DAY) {
		fill(s, 1);
		while (store_closing(s) > 0)
			CHECK("tick", store_tick(s, NULL));
	}
	now -= TIME_DAY;
	went = 0;
	CHECK("old days go", store_expire(s, &old, &why) && went == 2); /* 0 and 2; 1 is held */
	CHECK("nothing else", store_expire(s, &old, &why) && went == 2);
	holds("days gone by policy are not missed");
	named(day_of(noon));
	taken_while_held();
	went = 0;
	CHECK("short of space, all go but the held one",
	      !store_expire(s, &full, &why) && why.kind == ERR_LIMIT && went == 4 &&
		      day_path(folder, day_of(noon) + 1, kept, NULL) && access(kept, F_OK) == 0);
	full.held = NULL;
	CHECK("released, it goes", !store_expire(s, &full, &why) && went == 5);
	fill(s, 1);
	holds("the newest stays and is written");
	store_close(s);
	now = noon;
	test_folder_remove(folder);
}

/* The disk is full before any day was closed: nobody ticks while the writer waits for space. */
static void full_before_closed(void)
{
	struct err why = { 0 };
	struct store_policy full = { .min_free_bytes = UINT64_MAX, .gone = gone, .ctx = space };

	test_folder_make(folder);
	struct store *s = store_open(folder, clock_now, NULL);

	for (int i = 0; i < 3; i++, now += TIME_DAY)
		fill(s, 1);
	now -= TIME_DAY;
	went = 0;
	CHECK("none is closed", store_closing(s) == 2);
	CHECK("both go", !store_expire(s, &full, &why) && why.kind == ERR_LIMIT && went == 2 &&
				 store_closing(s) == 0);
	fill(s, 1);
	holds("the newest is written, the others are not missed");
	store_close(s);
	now = noon;
	test_folder_remove(folder);
}

int main(void)
{
	if (!arena_reserve(&whole, (size_t)256 << 20))
		return 1;
	now = noon;
	flips_open();
	flips_in_rows();
	flips_closed();
	witnessed();
	retention();
	full_before_closed();
	arena_release(whole);
	return TEST_REPORT();
}
