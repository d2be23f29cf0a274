/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crash_test.c - kill -9 at any moment, days rolling over and being closed included: what was
 * acknowledged is there once, what is there is whole, and the counters, the position of the stream
 * and the answers say the same as the events.
 */
#include "store/reader.h"

#include "base/test.h"
#include "event/formats.h"
#include "store/day.h"
#include "store/test_folder.h"
#include "store/verify.h"
#include "store/writer.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* at least, and at most where the machine is so busy that little is stored between two kills */
enum { ROUNDS = 25, ROUNDS_MAX = 250, BATCH_MAX = 60 };

static const int64_t noon = INT64_C(1795150800) * TIME_SECOND;
static int64_t now;
static char folder[TEST_FOLDER_MAX];
static struct arena whole;
static uint32_t seed = 88172645U;

static int64_t clock_now(void)
{
	return now;
}

static uint32_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	return seed ^= seed << 5;
}

/* What the child tells after each commit. */
struct ack {
	int64_t now;
	uint64_t stored, dropped;
};

static bool add_batch(struct store *s, uint32_t source, struct ack *at)
{
	uint32_t n = 1 + next_random() % BATCH_MAX, dropped = next_random() % 3;
	struct store_ref ref;
	char raw[64], key[32];

	for (uint32_t i = 0; i < n; i++) {
		uint64_t seq = ++at->stored;
		struct event ev = { .time = now, .received = now, .seq = seq, .source = source };

		snprintf(raw, sizeof raw, "record %ju %u", (uintmax_t)seq, next_random());
		ev.raw = str_of(raw);
		if (!store_add(s, &ev, &ref, NULL))
			return false;
	}
	at->dropped += dropped;
	snprintf(key, sizeof key, "%ju", (uintmax_t)at->stored);
	struct store_stream stream = { .place = at->stored };
	struct store_answer answer = { .token = STR("t"), .key = str_of(key), .answer = STR("{}") };

	return store_drop(s, source, STR("too_long"), dropped, NULL) &&
	       store_stream_set(s, STR("conn"), &stream, NULL) &&
	       store_answer_set(s, &answer, NULL);
}

/* Store until killed, telling `fd` of every commit. */
static _Noreturn void child(int fd, struct ack at)
{
	struct store_receipt got;
	uint32_t source;
	struct store *s = store_open(folder, clock_now, NULL);

	if (s == NULL || !store_source(s, SOURCE_TCP, STR("192.0.2.1"), STR("x"), &source, NULL))
		_exit(1);
	for (;;) {
		if (next_random() % 8 == 0)
			now += TIME_DAY;
		if (!add_batch(s, source, &at) || !store_commit(s, &got, NULL))
			_exit(2);
		at.now = now;
		if (write(fd, &at, sizeof at) != sizeof at)
			_exit(3);
		if (next_random() % 3 == 0 && !store_tick(s, NULL))
			_exit(4);
	}
}

/* Start a child, kill it, return the last thing it told. */
static struct ack kill_one(struct ack at)
{
	int fds[2], status;
	struct ack told;
	struct timespec nap = { .tv_nsec = (long)(next_random() % 200) * 1000000 };

	if (pipe(fds) == -1)
		abort();
	pid_t pid = fork();

	if (pid == 0)
		child(fds[1], at);
	close(fds[1]);
	nanosleep(&nap, NULL);
	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid)
		abort();
	CHECK("it worked until it was killed", WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	while (read(fds[0], &told, sizeof told) == sizeof told)
		at = told;
	close(fds[0]);
	return at;
}

/* Every record from 1 to `n` is there exactly once. */
static void each_once(uint64_t n)
{
	struct store_reader *r = store_reader_new(folder, NULL);
	struct store_search want = {
		.from = TIME_NONE, .to = TIME_NONE, .oldest_first = true, .limit = STORE_MAX_PAGE
	};
	char cursor[STORE_CURSOR_MAX] = "";
	unsigned char *seen = calloc(1, n + 1);
	uint64_t total = 0;
	struct store_page page;
	struct store_coverage c;
	bool right = seen != NULL;

	do {
		struct arena a = whole;

		want.cursor = str_of(cursor);
		if (!CHECK("scan", store_scan(r, &a, &want, &page, &c, NULL)))
			break;
		CHECK("nothing damaged", c.n_damaged == 0);
		for (size_t i = 0; i < page.n; i++, total++) {
			uint64_t seq = page.items[i].event.seq;

			right = right && seq >= 1 && seq <= n && seen[seq]++ == 0;
		}
		snprintf(cursor, sizeof cursor, "%s", page.next);
	} while (cursor[0] != '\0');
	CHECK("each record once", right && total == n);
	free(seen);
	store_reader_free(r);
}

static void show(void *ctx, const struct store_fault *f)
{
	char text[ERR_TEXT_MAX];

	(void)ctx;
	printf("  %s: %s\n", f->file, err_text(&f->why, LANG_EN, text, sizeof text));
}

/* The store agrees with itself and has all that was acknowledged; returns where it stands. */
static struct ack check(struct ack told, bool in_this_life)
{
	struct arena a = whole;
	struct ack is = { .now = told.now };
	const struct source_info *sources;
	struct store_stream stream = { 0 };
	struct store_verdict verdict;
	struct err why = { 0 };
	size_t n = 0;

	now = told.now;
	struct store_reader *r = store_reader_new(folder, NULL);
	int32_t newest = 0;

	/* The child may have begun a day that it did not tell of. */
	if (store_newest(r, &newest, &why) && day_begin(newest) > now)
		is.now = now = day_begin(newest);
	struct store *s = store_open(folder, clock_now, &why);

	if (!CHECK("opens again", s != NULL))
		return told;
	if (store_sources(r, &a, &sources, &n, NULL) && n == 1) {
		is.stored = sources[0].stored;
		is.dropped = sources[0].dropped;
	}
	CHECK("acknowledged is there", is.stored >= told.stored && is.dropped >= told.dropped);
	CHECK("at most one batch more", is.stored <= told.stored + BATCH_MAX);
	if (is.stored > 0)
		CHECK("the stream stands where the records do",
		      store_stream_find(s, &a, STR("conn"), &stream, NULL) &&
			      stream.place == is.stored);
	if (in_this_life && is.now == told.now) { /* else it may be too old by now */
		char key[32];
		struct store_answer answer = { .token = STR("t") };

		snprintf(key, sizeof key, "%ju", (uintmax_t)is.stored);
		answer.key = str_of(key);
		CHECK("the answer is kept", store_answer_find(s, &a, &answer, NULL));
	}
	store_close(s);
	struct store_verify what = { .folder = folder, .fault = show };

	CHECK("verifies", store_verify(&what, &verdict, NULL) && verdict.faults == 0);
	CHECK("verifies all", verdict.records == is.stored);
	store_reader_free(r);
	return is;
}

static bool worth_the_while(const struct ack *at)
{
	return at->stored > 1000 && day_of(at->now) > day_of(noon) + 10;
}

int main(void)
{
	struct ack at = { .now = noon };
	int i = 0;

	if (!arena_reserve(&whole, (size_t)512 << 20))
		return 1;
	test_folder_make(folder);
	for (; i < ROUNDS || (i < ROUNDS_MAX && !worth_the_while(&at)); i++) {
		now = at.now;
		seed += 7919;
		struct ack told = kill_one(at);

		at = check(told, told.stored > at.stored);
	}
	each_once(at.stored);
	printf("%d kills, %ju records, %d days\n", i, (uintmax_t)at.stored,
	       day_of(at.now) - day_of(noon) + 1);
	CHECK("it was worth the while", worth_the_while(&at));
	test_folder_remove(folder);
	arena_release(whole);
	return TEST_REPORT();
}
