/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_test.c - chunks in, a store on disk out: answers after the commit, streams and ids exactly
 * once, drops, wits that are swapped, and a process that is killed on the way.
 */
#include "proc/pipeline.h"

#include "base/buf.h"
#include "base/test.h"
#include "base/time.h"
#include "detect/detector.h"
#include "ingest/chunk.h"
#include "proc/expected.h"
#include "proc/ranges.h"
#include "respond/hits.h"
#include "store/reader.h"
#include "store/test_folder.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static struct arena whole;
static struct poison_page poison;

struct life {
	sem_t *hold,
		*held;   /* the first commit waits for one and posts the other; NULL: it does not */
	struct buf told; /* what counted() was given, a line each */
	struct pipeline *p;
	struct queue *intake;
	pthread_t thread;
	int commits; /* atomic */
};

static void committed(void *ctx, const struct store_receipt *r)
{
	struct life *l = ctx;

	(void)r;
	if (l->hold != NULL && l->commits == 0) {
		sem_post(l->held);
		sem_wait(l->hold);
	}
	__atomic_add_fetch(&l->commits, 1, __ATOMIC_SEQ_CST);
}

static bool counted(void *ctx, struct str json)
{
	struct life *l = ctx;

	buf_add(&l->told, json);
	buf_char(&l->told, '\n');
	return true;
}

static void *run(void *arg)
{
	struct life *l = arg;

	pipeline_run(l->p);
	return NULL;
}

static struct expected *expectations; /* NULL: none */

static bool begin(struct life *l, const char *folder)
{
	struct pipeline_calls calls = {
		.ctx = l, .committed = committed, .counted = counted, .expected = expectations
	};
	struct err why = { 0 };

	l->told = BUF(1 << 20);
	l->commits = 0;
	l->intake = queue_new(256, 64 << 20);
	l->p = pipeline_new(folder, l->intake, &poison, &calls, &why);
	return CHECK("pipeline", l->p != NULL) && pthread_create(&l->thread, NULL, run, l) == 0;
}

static void end(struct life *l)
{
	queue_close(l->intake);
	pthread_join(l->thread, NULL);
	pipeline_free(l->p);
	queue_free(l->intake);
	buf_free(&l->told);
	*l = (struct life){ 0 };
}

struct answer {
	int fd;
	struct chunk_result r;
	bool seen[8];
};

static void done(struct chunk *c, const struct chunk_result *r)
{
	struct answer *a = c->owner;

	a->r = *r;
	for (size_t i = 0; c->seen != NULL && i < c->n && i < COUNT(a->seen); i++)
		a->seen[i] = c->seen[i];
	chunk_free(c);
	if (write(a->fd, "!", 1) != 1)
		abort();
}

static struct chunk *lines(enum door door, const char *peer, const char *const *text, size_t n)
{
	struct chunk *c = chunk_new(door, str_of(peer), STR("test"), 64, 1 << 16);

	for (size_t i = 0; i < n; i++)
		CHECK("fits", chunk_add(c, str_of(text[i])));
	c->received = time_now();
	c->done = done;
	return c;
}

/* Put it on the queue and wait until it is answered. */
static struct answer store(struct life *l, struct chunk *c)
{
	struct answer a = { 0 };
	char byte;
	int pipes[2];

	if (pipe(pipes) == -1)
		abort();
	a.fd = pipes[1];
	c->owner = &a;
	CHECK("taken", queue_put(l->intake, c, chunk_weight(c)));
	CHECK("answered", read(pipes[0], &byte, 1) == 1);
	close(pipes[0]);
	close(pipes[1]);
	return a;
}

static struct source_info source(const char *folder, enum source_kind kind)
{
	struct store_reader *r = store_reader_new(folder, NULL);
	const struct source_info *all = NULL;
	struct source_info found = { 0 };
	struct arena a = whole;
	size_t n = 0;

	if (r != NULL && store_sources(r, &a, &all, &n, NULL))
		for (size_t i = 0; i < n; i++)
			if (all[i].kind == kind)
				found = all[i];
	store_reader_free(r);
	found.name = found.peer = STR("");
	found.drops = found.formats = NULL;
	return found;
}

static void ids(const char *folder)
{
	static const char *const docs[] = { "{\"a\":1}", "{\"a\":2}", "{\"a\":1}" };
	struct life l = { 0 };

	if (!begin(&l, folder))
		return;
	for (int round = 0; round < 2; round++) {
		struct chunk *c = lines(DOOR_BULK, "token", docs, 3);

		c->ids = NEW(&c->mem, struct str, 4);
		c->seen = NEW(&c->mem, bool, 4);
		c->ids[0] = c->ids[2] =
			STR("id:1:x/1"); /* the same document twice in one request */
		c->ids[1] = STR("id:1:x/2");
		struct answer a = store(&l, c);

		CHECK("ok", a.r.ok);
		CHECK("each once",
		      a.r.stored == (round == 0 ? 2u : 0u) && a.r.seen == (round == 0 ? 1u : 3u));
		CHECK("said so", a.seen[0] == (round == 1) && a.seen[2]);
	}
	end(&l);
	CHECK("stored", source(folder, SOURCE_BULK).stored == 2);
}

static void keys(const char *folder)
{
	static const char *const text[] = { "one", "two" };
	struct life l = { 0 };

	if (!begin(&l, folder))
		return;
	for (int round = 0; round < 3; round++) {
		struct chunk *c = lines(DOOR_PUSH, "token", text, 2);

		c->idempotency_key = STR("key");
		c->request_hash = round == 2 ? STR("other") : STR("hash");
		struct answer a = store(&l, c);

		CHECK("answered alike", a.r.ok && a.r.stored == 2 && a.r.replay == (round > 0));
		CHECK("clash", a.r.clash == (round == 2));
	}
	end(&l);
	CHECK("once", source(folder, SOURCE_PUSH).stored == 2);
}

static void streams_and_drops(const char *folder)
{
	static const char *const text[] = { "<13>no host in it", "<13>none here" };
	struct stream_place at;
	struct life l = { 0 };

	for (int life = 0; life < 2; life++) {
		if (!begin(&l, folder))
			return;
		CHECK("place", pipeline_stream(l.p, STR("tcp/1"), &at) == (life == 1) &&
				       at.place == (life == 0 ? 0u : 30u));
		/* two chunks: the second is read after the first and its peer's name are gone */
		for (int i = 0; i < 2 && life == 0; i++) {
			struct chunk *c = lines(DOOR_TCP, "192.0.2.7", text, 2);

			snprintf(c->stream, sizeof c->stream, "tcp/1");
			c->stream_offset = 15u * (unsigned)(i + 1);
			c->dropped[DROP_TOO_LONG] = 3;
			struct answer a = store(&l, c);

			CHECK("counted", a.r.stored == 2 && a.r.dropped == 3 && a.r.received == 5);
			CHECK("told at once", pipeline_stream(l.p, STR("tcp/1"), &at) &&
						      at.place == 15u * (unsigned)(i + 1));
		}
		if (life == 1) {
			struct chunk *c = lines(DOOR_TCP, "192.0.2.7", text, 0);

			snprintf(c->stream, sizeof c->stream, "tcp/1");
			c->stream_ended = true;
			CHECK("ended", store(&l, c).r.ok);
			CHECK("forgotten", !pipeline_stream(l.p, STR("tcp/1"), &at));
		}
		end(&l);
	}
	struct source_info s = source(folder, SOURCE_TCP);
	CHECK("received = stored + dropped", s.stored == 4 && s.dropped == 6);
}

/* A child stores until it is killed; what it said was durable is there, once. */
static void killed(const char *folder, int nap_ms)
{
	static const char *const text[] = { "a", "b", "c" };
	uint64_t before = source(folder, SOURCE_FILE).stored, told = 0;
	int pipes[2];

	if (pipe(pipes) == -1)
		abort();
	pid_t pid = fork();
	if (pid == 0) {
		struct life l = { 0 };
		struct stream_place at;

		close(pipes[0]);
		if (!begin(&l, folder))
			_exit(1);
		pipeline_stream(l.p, STR("file/x"), &at);
		for (;;) {
			struct chunk *c = lines(DOOR_FILE, "", text, 3);

			snprintf(c->stream, sizeof c->stream, "file/x");
			c->stream_offset = at.place += 3;
			store(&l, c);
			if (write(pipes[1], &at.place, sizeof at.place) == -1)
				_exit(2);
		}
	}
	close(pipes[1]);
	usleep((useconds_t)nap_ms * 1000);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	while (read(pipes[0], &told, sizeof told) == sizeof told)
		;
	close(pipes[0]);
	uint64_t stored = source(folder, SOURCE_FILE).stored;
	CHECK("nothing acknowledged is missing", stored >= told && stored >= before);
	struct life l = { 0 };
	struct stream_place at;
	if (!begin(&l, folder))
		return;
	pipeline_stream(l.p, STR("file/x"), &at);
	CHECK("the stream stands where the records do", at.place == stored);
	end(&l);
}

/* What waits on the queue while a commit lasts is told as received and not as stored. */
static void pending(const char *folder)
{
	static const char *const text[] = { "a", "b", "c" };
	struct life l = { 0 };
	struct answer first = { 0 }, second = { 0 };
	sem_t hold, held;
	char byte;
	int pipes[2];

	sem_init(&hold, 0, 0);
	sem_init(&held, 0, 0);
	l.hold = &hold;
	l.held = &held;
	if (pipe(pipes) == -1 || !begin(&l, folder))
		return;
	first.fd = second.fd = pipes[1];
	struct chunk *a = lines(DOOR_UDP, "192.0.2.50", text, 3);
	struct chunk *b = lines(DOOR_UDP, "192.0.2.50", text, 2);

	a->owner = &first;
	b->owner = &second;
	CHECK("put", queue_put(l.intake, a, chunk_weight(a)));
	sem_wait(&held);
	CHECK("put", queue_put(l.intake, b, chunk_weight(b)));
	usleep(300000); /* longer than between two tellings */
	sem_post(&hold);
	CHECK("both", read(pipes[0], &byte, 1) == 1 && read(pipes[0], &byte, 1) == 1);
	queue_close(l.intake);
	pthread_join(l.thread, NULL);
	struct str told = buf_str(&l.told);
	size_t waits = str_find(told, STR("{\"received\":5,\"stored\":3}"));
	size_t done_with = str_find(told, STR("{\"received\":5,\"stored\":5}"));

	if (!CHECK("told", waits < done_with && done_with < told.n))
		printf("%.*s\n", STR_ARG(told));
	pipeline_free(l.p);
	queue_free(l.intake);
	buf_free(&l.told);
	close(pipes[0]);
	close(pipes[1]);
	sem_destroy(&hold);
	sem_destroy(&held);
}

/* Swapped in the middle of a stream: no event is lost, and the old ones are freed. */
static void swapped(const char *folder)
{
	static const char *const text[] = { "swap" };
	struct life l = { 0 };

	if (!begin(&l, folder))
		return;
	for (int i = 0; i < 20; i++) {
		struct wits *w = calloc(1, sizeof *w);
		struct detector_parts parts = { .own = &w->own };

		if (!CHECK("wits", arena_reserve(&w->whole, 1 << 16) &&
					   (w->detector = detector_new(&parts, NULL)) != NULL))
			break;
		pipeline_wits(l.p, w);
		CHECK("stored", store(&l, lines(DOOR_IMPORT, "x", text, 1)).r.stored == 1);
	}
	end(&l);
	CHECK("all", source(folder, SOURCE_IMPORT).stored == 20);
}

#define FAILED "{\"t\":1,\"X\":1,\"U\":\"eve\"}"

static void correlating(struct life *l, const char *condition)
{
	struct wits *w = calloc(1, sizeof *w);
	struct rule_set *rs = rule_set_new();
	char rules[512];
	int n = snprintf(rules, sizeof rules,
			 "title: a\nid: a\nlogsource: {category: a}\n"
			 "detection: {s: {X: 1}, condition: s}\n---\n"
			 "title: many\nid: many\nlevel: high\ncorrelation: {type: event_count, "
			 "rules: [a], group-by: [U], timespan: 1h, condition: {%s}}\n",
			 condition);
	struct detector_parts parts = { .own = &w->own, .rules = rs };

	CHECK("rules",
	      rule_set_sources(rs, STR("- {category: a, events: [{when: {t: 1}}]}"), NULL) &&
		      rule_set_add(rs, STR("x"), (struct str){ rules, (size_t)n }) == 2);
	CHECK("wits", arena_reserve(&w->whole, 1 << 16) &&
			      (w->detector = detector_new(&parts, NULL)) != NULL);
	pipeline_wits(l->p, w);
}

/* How many hits the store holds of the correlation; *matched is of the last. */
static size_t correlated(const char *folder, char matched[64])
{
	const struct store_hit_row after = { .day = 0 };
	struct store_reader *r = store_reader_new(folder, NULL);
	struct store_hit_rows got = { 0 };
	struct arena a = whole;
	size_t n = 0;

	matched[0] = '\0';
	CHECK("hits", r != NULL && store_hits_after(r, &a, &after, 64, &got, NULL));
	for (size_t i = 0; i < got.n; i++)
		if (str_eq(got.rows[i].id, STR("many"))) {
			n++;
			snprintf(matched, 64, "%.*s", STR_ARG(got.rows[i].matched));
		}
	store_reader_free(r);
	return n;
}

/* Two in one life, which ends or is killed, the third in the next. */
static void correlates(const char *folder, bool kill_it)
{
	static const char *const two[] = { FAILED, FAILED }, *const one[] = { FAILED };
	struct life l = { 0 };
	char matched[64];
	int pipes[2];
	char byte;

	if (pipe(pipes) == -1)
		abort();
	pid_t pid = fork();
	if (pid == 0) {
		if (!begin(&l, folder))
			_exit(1);
		correlating(&l, "gte: 3");
		store(&l, lines(DOOR_PUSH, "x", two, 2));
		if (!kill_it)
			end(&l);
		if (write(pipes[1], "!", 1) != 1)
			_exit(2);
		pause();
	}
	CHECK("stored", read(pipes[0], &byte, 1) == 1);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(pipes[0]);
	close(pipes[1]);
	CHECK("not yet", correlated(folder, matched) == 0);
	if (!begin(&l, folder))
		return;
	correlating(&l, "gte: 3");
	CHECK("stored", store(&l, lines(DOOR_PUSH, "x", one, 1)).r.stored == 1);
	correlating(&l, "gte: 3"); /* loaded anew: it was told already */
	CHECK("stored", store(&l, lines(DOOR_PUSH, "x", one, 1)).r.stored == 1);
	end(&l);
	CHECK("once", correlated(folder, matched) == 1);
	CHECK("what it saw before counts", strcmp(matched, "eve (3)") == 0);
}

/* A window that passed has no event that completes it: a record of canh's own says what it held. */
static void passed(const char *folder)
{
	static const char *const one[] = { FAILED };
	struct life l = { 0 };
	char matched[64];

	if (!begin(&l, folder))
		return;
	correlating(&l, "lt: 3");
	struct chunk *c = lines(DOOR_PUSH, "x", one, 1);
	c->received -= 2 * TIME_HOUR;
	CHECK("stored", store(&l, c).r.stored == 1);
	for (int i = 0; i < 1500 && source(folder, SOURCE_IMPORT).stored == 0; i++)
		usleep(20000);
	end(&l);
	CHECK("its record", source(folder, SOURCE_IMPORT).stored == 1);
	CHECK("its hit", correlated(folder, matched) == 1 && strcmp(matched, "eve (1)") == 0);
	if (!begin(&l, folder))
		return;
	correlating(&l, "lt: 3");
	usleep(400000);
	end(&l);
	CHECK("told once", correlated(folder, matched) == 1);
}

#define CONTROL "01890000-0000-7000-8000-000000000001"

/* Canh's own events count as nobody's; a heartbeat is a record like any other, and a hit. */
static void controls(const char *folder)
{
	static const char *const mixed[] = { "a line", "{\"canh.canary\":\"" CONTROL "\"}",
					     "canh.heartbeat=abc" };
	static const char *const alone[] = { "{\"canh.canary\":\"" CONTROL "\"}" };
	const struct store_hit_row after = { .day = 0 };
	struct store_hit_rows got = { 0 };
	struct arena a = whole;
	struct life l = { 0 };

	expectations = expected_new();
	CHECK("expect",
	      expected_set(expectations,
			   STR("{\"controls\":[{\"id\":\"" CONTROL "\",\"door\":\"tls x\"}],"
			       "\"heartbeats\":[\"abc\"]}"),
			   NULL));
	if (!begin(&l, folder))
		return;
	CHECK("mixed", store(&l, lines(DOOR_TLS, "192.0.2.9", mixed, 3)).r.stored == 3);
	CHECK("a copy", store(&l, lines(DOOR_TLS, "192.0.2.9", alone, 1)).r.stored == 1);
	CHECK("again",
	      expected_set(expectations,
			   STR("{\"controls\":[{\"id\":\"01890000-0000-7000-8000-000000000002\","
			       "\"door\":\"file\"}]}"),
			   NULL));
	static const char *const other[] = {
		"{\"canh.canary\":\"01890000-0000-7000-8000-000000000002\"}"
	};
	CHECK("nothing else", store(&l, lines(DOOR_FILE, "", other, 1)).r.stored == 1);
	end(&l);
	CHECK("the sender's", source(folder, SOURCE_TLS).stored == 3);
	CHECK("canh's", source(folder, SOURCE_CANARY).stored == 2);
	CHECK("no row for a sender that sent nothing", source(folder, SOURCE_FILE).id == 0);
	struct store_reader *r = store_reader_new(folder, NULL);
	CHECK("a hit", store_hits_after(r, &a, &after, 8, &got, NULL) && got.n == 1 &&
			       str_eq(got.rows[0].id, STR(HEARTBEAT_RULE)) &&
			       str_eq(got.rows[0].matched, STR("abc")));
	store_reader_free(r);
	expected_free(expectations);
	expectations = NULL;
}

int main(void)
{
	char folder[TEST_FOLDER_MAX];

	if (!arena_reserve(&whole, 64 << 20))
		return 1;
	test_folder_make(folder);
	ids(folder);
	keys(folder);
	streams_and_drops(folder);
	swapped(folder);
	controls(folder);
	pending(folder);
	for (int i = 0; i < 3; i++) {
		char own[TEST_FOLDER_MAX];

		test_folder_make(own);
		if (i < 2)
			correlates(own, i == 1);
		else
			passed(own);
		test_folder_remove(own);
	}
	for (int i = 0; i < 5; i++)
		killed(folder, 120 + 60 * i);
	test_folder_remove(folder);
	arena_release(whole);
	return TEST_REPORT();
}
