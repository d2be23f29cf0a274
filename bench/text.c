/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c - how fast syslog lines of a daemon become events, and how fast the rule base alone is beside
 * liblognorm with the same rules on the same messages. One thread, processor time, best of three.
 * Built and run by bench/text.sh.
 *
 * usage: text CONTENT/decoders RULEBASE FILE ROUNDS
 */
#include "base/file.h"
#include "event/formats.h"
#include "event/rulebase_int.h"

#include <fcntl.h>
#include <liblognorm.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MAX_LINES = 1 << 16 };

static struct arena memory;
static struct str lines[MAX_LINES], messages[MAX_LINES]; /* messages: a NUL behind each */
static size_t n_lines, bytes;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void give(void *ctx, const struct rule_name *name, struct str val)
{
	size_t *n = ctx;

	(void)name;
	*n += val.n;
}

static size_t as_events(void *reader)
{
	uint16_t want = format_find(STR("text"));
	size_t text = 0;

	for (size_t i = 0; i < n_lines; i++) {
		struct arena a = memory;
		struct event ev;

		reader_read(reader, &a, lines[i], &ev);
		text += ev.format == want;
	}
	return text;
}

static size_t by_rules(void *rules)
{
	size_t fit = 0, sum = 0;

	for (size_t i = 0; i < n_lines; i++)
		fit += rulebase_match(rules, messages[i], give, &sum);
	return sum > 0 ? fit : 0;
}

static size_t by_liblognorm(void *peer)
{
	size_t fit = 0;

	for (size_t i = 0; i < n_lines; i++) {
		struct json_object *tree = NULL;

		fit += ln_normalize((ln_ctx)peer, messages[i].p, messages[i].n, &tree) == 0;
		if (tree != NULL)
			json_object_put(tree);
	}
	return fit;
}

/* Lines a second, of the best of three. */
static double measure(const char *what, size_t (*run)(void *), void *with, unsigned rounds)
{
	double best = 0;
	size_t fit = 0;

	for (int k = 0; k < 3; k++) {
		double began = now(), took;

		for (unsigned i = 0; i < rounds; i++)
			fit = run(with);
		took = now() - began;
		best = best == 0 || took < best ? took : best;
	}
	double speed = (double)n_lines * rounds / best;
	printf("%-38s %6.2f M lines/s  %6.0f MB/s  %zu of %zu lines fit\n", what, speed / 1e6,
	       (double)bytes * rounds / best / 1e6, fit, n_lines);
	return speed;
}

static void *open_peer(struct str text, const char *name)
{
	struct arena a = memory;
	struct rules *rules = NEW(&a, struct rules, 1);
	ln_ctx peer = ln_initCtx();

	if (rules == NULL || peer == NULL || !rules_expand(&a, text, name, rules, NULL) ||
	    ln_loadSamplesFromString(peer, rules->text) != 0)
		return NULL;
	return peer;
}

/* What stands behind "program[pid]: ". */
static struct str message_of(struct str line)
{
	size_t at = str_find(line, STR("]: "));

	return at < line.n ? str_skip(line, at + 3) : line;
}

int main(int argc, char **argv)
{
	struct read_ctx ctx = { .now = INT64_C(1773118800000000) };
	struct str text, rest, line;
	struct err why = { 0 };
	struct decoders *d;

	if (argc != 5 || !arena_reserve(&memory, (size_t)1 << 30))
		return 64;
	unsigned rounds = (unsigned)strtoul(argv[4], NULL, 10);
	d = decoders_load(argv[1], &why);
	if (d == NULL || !file_load(&memory, AT_FDCWD, argv[3], (size_t)256 << 20, &rest, &why) ||
	    !file_load(&memory, AT_FDCWD, argv[2], RULEBASE_MAX_BYTES, &text, &why)) {
		fprintf(stderr, "%s\n", why.text);
		return 70;
	}
	while (n_lines < MAX_LINES && str_line(&rest, &line)) {
		lines[n_lines] = line;
		messages[n_lines++] = arena_str(&memory, message_of(line));
		bytes += line.n;
	}
	ctx.decoders = d;
	struct reader *r = reader_new(&ctx);
	struct rulebase *rules = rulebase_new(text, "rules", &why);
	void *peer = open_peer(text, "rules");
	if (r == NULL || rules == NULL || peer == NULL)
		return 70;
	printf("%zu lines of %zu bytes on average\n", n_lines, bytes / n_lines);
	double whole = measure("canh: line to event, all fields", as_events, r, rounds);
	double ours = measure("canh: rule base alone", by_rules, rules, rounds);
	double theirs = measure("liblognorm: rule base alone", by_liblognorm, peer, rounds);
	printf("rule base: %.1fx liblognorm; a whole event: %.2fx of liblognorm's rule base alone\n",
	       ours / theirs, whole / theirs);
	reader_free(r);
	rulebase_free(rules);
	decoders_free(d);
	ln_exitCtx(peer);
	return ours >= 3 * theirs ? 0 : 1;
}
