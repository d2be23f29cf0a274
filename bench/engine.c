/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.c - what judging alone costs: the events of a file, read once, are judged again and again by
 * the compiled engine and once by the reference. See engine.sh.
 *
 * usage: engine SOURCES ROUNDS FILE RULES...
 */
#include "detect/engine.h"

#include "base/file.h"
#include "detect/engine_int.h"
#include "event/reader.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { EVENTS_MAX = 1 << 20 };

/* Processor time in µs: other processes on the machine do not count. */
static int64_t spent(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct bench {
	struct rule_set *rs;
	struct arena a;
	struct event *event;
	size_t n, bytes, hits;
};

static bool load_source(void *ctx, const char *path, const char *name)
{
	struct bench *b = ctx;
	struct arena a = b->a;
	struct str text;
	struct err why = { 0 };

	(void)name;
	if (!file_load(&a, AT_FDCWD, path, 1 << 20, &text, &why) ||
	    !rule_set_sources(b->rs, text, &why))
		printf("%s: %s\n", path, why.text);
	return true;
}

static bool load_rule(void *ctx, const char *path, const char *name)
{
	struct bench *b = ctx;
	struct arena a = b->a;
	struct str text;

	if (str_ends(str_of(name), STR(".yml")) &&
	    file_load(&a, AT_FDCWD, path, 8 << 20, &text, NULL))
		rule_set_add(b->rs, str_of(path), text);
	return true;
}

static void load_events(struct bench *b, const char *path)
{
	struct read_ctx ctx = { .now = 1 };
	struct reader *r = reader_new(&ctx);
	struct str text = { NULL, 0 }, record;
	bool cut;

	if (r == NULL || !file_load(&b->a, AT_FDCWD, path, 1 << 30, &text, NULL))
		exit(1);
	b->bytes = text.n;
	while (b->n < EVENTS_MAX && records_next(&text, true, &record, &cut))
		reader_read(r, &b->a, record, &b->event[b->n++]);
}

static void count(void *ctx, size_t rule, const struct sigma_match *where)
{
	struct bench *b = ctx;

	(void)rule;
	(void)where;
	b->hits++;
}

/* Rounds over all events; the best of them in µs. */
static int64_t run(struct bench *b, struct rule_scratch *s, unsigned rounds)
{
	int64_t best = INT64_MAX;

	for (unsigned i = 0; i < rounds; i++) {
		int64_t began = spent();

		b->hits = 0;
		for (size_t k = 0; k < b->n; k++)
			rule_set_match(b->rs, s, &b->event[k], count, b);
		int64_t took = spent() - began;
		best = took < best ? took : best;
	}
	return best;
}

static void tell(const char *what, const struct bench *b, int64_t us)
{
	printf("%-10s %8.0f events/s %6.1f MB/s %7.2f us/event %zu hits\n", what,
	       (double)b->n * 1e6 / (double)us, (double)b->bytes / (double)us,
	       (double)us / (double)b->n, b->hits);
}

int main(int argc, char **argv)
{
	static struct bench b;
	struct err why = { 0 };

	if (argc < 5 || !arena_reserve(&b.a, (size_t)8 << 30))
		return 64;
	b.rs = rule_set_new();
	b.event = calloc(EVENTS_MAX, sizeof *b.event);
	file_walk(argv[1], &(struct walk){ .fn = load_source, .ctx = &b });
	int64_t began = spent();
	for (int i = 4; i < argc; i++)
		file_walk(argv[i], &(struct walk){ .fn = load_rule, .ctx = &b });
	int64_t loaded = spent();
	load_events(&b, argv[3]);
	struct rule_scratch *reference = rule_scratch_new(b.rs);
	tell("reference", &b, run(&b, reference, 1));
	int64_t compile = spent();
	if (!rule_set_compile(b.rs, &why))
		return 1;
	compile = spent() - compile;
	struct rule_scratch *s = rule_scratch_new(b.rs);
	tell("first", &b, run(&b, s, 1));
	tell("compiled", &b, run(&b, s, (unsigned)atoi(argv[2])));
	struct engine_counts c = engine_scratch_counts(s->engine);
	double judged = (double)b.n * (atoi(argv[2]) + 1);
	printf("%zu rules read in %lld ms, compiled in %lld ms; %.2f tried an event, %llu kinds\n",
	       rule_set_count(b.rs), (long long)(loaded - began) / 1000, (long long)compile / 1000,
	       (double)c.tried / judged, (unsigned long long)c.kinds);
	return 0;
}
