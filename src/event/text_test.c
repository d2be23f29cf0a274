/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text_test.c - what the rule bases of content/decoders make of lines: a few of each product; and
 * what a rule base that cannot be used is said to be.
 */
#include "event/text.h"

#include "base/test.h"
#include "event/formats.h"
#include "event/rulebase.h"
#include <pthread.h>

static const struct {
	const char *line;
	const char *want; /* "name=value|name=value"; "" : no rule fits */
} cases[] = {
#include "event/text_cases.h"
};

static bool has(const struct event *ev, struct str name, struct str val)
{
	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (str_eq(ev->fields[i].name, name) && str_eq(ev->fields[i].val, val))
			return true;
	return false;
}

static void check_case(struct reader *r, const char *line, struct str want)
{
	static unsigned char mem[1 << 18];
	struct arena a = { mem, mem + sizeof mem };
	struct event ev;
	struct str one;

	reader_read(r, &a, str_of(line), &ev);
	if (!CHECK(line, (ev.format == format_find(STR("text"))) == (want.n > 0)))
		return;
	while (want.n > 0 && str_split(&want, '|', &one)) {
		size_t eq = str_find_char(one, '=');

		if (CHECK(line, has(&ev, str_sub(one, 0, eq), str_skip(one, eq + 1))))
			continue;
		printf("  wanted %.*s, of\n", STR_ARG(one));
		for (uint32_t i = ev.n_raw; i < ev.n_fields; i++)
			printf("    %.*s=%.*s\n", STR_ARG(ev.fields[i].name),
			       STR_ARG(ev.fields[i].val));
	}
}

static void check_lines(const struct decoders *d)
{
	struct read_ctx ctx = { .decoders = d, .now = INT64_C(1773118800000000) };
	struct reader *r = reader_new(&ctx);

	for (size_t i = 0; i < COUNT(cases); i++)
		check_case(r, cases[i].line, str_of(cases[i].want));
	reader_free(r);
}

/* Long lines, and bytes that no daemon writes, are no text but stay events. */
static void check_hostile(const struct decoders *d)
{
	static char big[TEXT_MAX_LINE + 200];
	static unsigned char mem[1 << 20];
	static const struct str head = STR("<38>Mar 10 12:00:00 h sshd[1]: Failed password for ");
	struct read_ctx ctx = { .decoders = d, .now = INT64_C(1773118800000000) };
	struct reader *r = reader_new(&ctx);
	struct arena a = { mem, mem + sizeof mem };
	struct event ev;

	memset(big, 'x', sizeof big);
	memcpy(big, head.p, head.n);
	reader_read(r, &a, (struct str){ big, sizeof big }, &ev);
	CHECK("too long", ev.format == format_find(STR("syslog")));
	memcpy(big + TEXT_MAX_LINE - 40, " from 192.0.2.1 port 1 ssh2", 27);
	reader_read(r, &a, (struct str){ big, TEXT_MAX_LINE - 13 }, &ev);
	CHECK("long", has(&ev, STR("source.ip"), STR("192.0.2.1")));
	reader_read(r, &a,
		    STR("<38>Mar 10 12:00:00 h sshd[1]: Failed password for a\0b from 192.0.2.1 "
			"port 1 ssh2"),
		    &ev);
	CHECK("NUL is a byte", has(&ev, STR("user.name"), STR("a\0b")));
	reader_free(r);
}

enum { THREADS = 4, ROUNDS = 40 };

static void *read_all(void *decoders)
{
	struct read_ctx ctx = { .decoders = decoders, .now = INT64_C(1773118800000000) };
	struct reader *r = reader_new(&ctx);
	unsigned char *mem = malloc(1 << 18);
	size_t n = 0;

	for (size_t i = 0; mem != NULL && i < ROUNDS * COUNT(cases); i++) {
		struct arena a = { mem, mem + (1 << 18) };
		struct event ev;

		reader_read(r, &a, str_of(cases[i % COUNT(cases)].line), &ev);
		n += ev.format == format_find(STR("text"));
	}
	free(mem);
	reader_free(r);
	return (void *)(uintptr_t)n;
}

/* Readers on several threads share the rule bases and find the same. */
static void check_threads(struct decoders *d)
{
	pthread_t t[THREADS];
	void *first = read_all(d), *n;

	for (size_t i = 0; i < THREADS; i++)
		CHECK("thread", pthread_create(&t[i], NULL, read_all, d) == 0);
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(t[i], &n);
		CHECK("same on each thread", n == first && n != NULL);
	}
}

static const struct {
	const char *name;
	struct str text;
	size_t at; /* 0: must load */
} bases[] = {
	{ "a rule", STR("version=2\nrule=:a %x:word%\n"), 0 },
	{ "a type", STR("version=2\ntype=@t:b %x:word%\ntype=@t:c\nrule=:a %.:@t%\n"), 0 },
	{ "no version", STR("rule=:a %x:word%\n"), 1 },
	{ "open field", STR("version=2\n# c\nrule=:a %x:word\n"), 3 },
	{ "no such parser", STR("version=2\nrule=:a\nrule=:b %x:wurd%\n"), 3 },
	{ "open type", STR("version=2\nrule=:% %.:@t\n"), 2 },
	{ "no such type", STR("version=2\nrule=:a %.:@t%\n"), 2 },
	{ "no record", STR("version=2\n\nrole=:a\n"), 3 },
	{ "include", STR("version=2\ninclude=/etc/passwd\n"), 2 },
};

static void take(void *ctx, const struct rule_name *name, struct str val)
{
	unsigned *n = ctx;

	(void)name, (void)val;
	++*n;
}

static void check_bases(void)
{
	for (size_t i = 0; i < COUNT(bases); i++) {
		struct err why = { 0 };
		struct rulebase *r = rulebase_new(bases[i].text, "x", &why);

		CHECK(bases[i].name, (r != NULL) == (bases[i].at == 0));
		if (!CHECK(bases[i].name, why.at == bases[i].at))
			printf("  %zu: %s\n", why.at, why.text);
		if (bases[i].at == 0) {
			unsigned n = 0;

			CHECK(bases[i].name, !rulebase_match(r, STR("b q"), take, &n) && n == 0);
			CHECK(bases[i].name,
			      rulebase_match(r, STR("a b q"), take, &n) ==
				      (str_find(bases[i].text, STR("type")) < bases[i].text.n));
		}
		rulebase_free(r);
	}
}

int main(void)
{
	const char *source = getenv("CANH_SOURCE");
	struct err why = { 0 };
	char path[4096];
	struct decoders *d;

	snprintf(path, sizeof path, "%s/content/decoders", source == NULL ? "." : source);
	check_bases();
	CHECK("no folder", decoders_load("/nonexistent", &why) == NULL && why.kind == ERR_IO);
	d = decoders_load(path, &why);
	if (!CHECK("content/decoders", d != NULL)) {
		printf("  %s\n", why.text);
		return TEST_REPORT();
	}
	check_lines(d);
	check_hostile(d);
	check_threads(d);
	decoders_free(d);
	return TEST_REPORT();
}
