/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader_test.c - one line in, one event out: format, time, direction, outcome, fields.
 *
 * Read as a machine in Viet Nam reads on 2026-03-10 with 198.51.100.0/24 as its public range.
 */
#include "event/reader.h"

#include "base/test.h"
#include "event/formats.h"

struct want {
	const char *name, *in;
	const char *format, *time; /* time NULL: not told */
	enum direction dir;
	enum outcome outcome;
	const char *fields[12]; /* "name=value"; "!name": absent; from the third on any run */
};

static const struct want cases[] = {
#include "event/reader_cases.h"
};

static bool has(const struct event *ev, struct str want)
{
	size_t cut = str_find_char(want, '=');
	struct str name = str_sub(want, 0, cut), val = str_skip(want, cut + 1);

	for (uint32_t i = 0; i < ev->n_fields; i++) {
		const struct field *f = &ev->fields[i];

		if ((str_eq(f->name, name) || str_eq(field_bare(f), name)) && str_eq(f->val, val))
			return true;
	}
	return false;
}

static bool absent(const struct event *ev, struct str name)
{
	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (str_eq(ev->fields[i].name, name))
			return false;
	return true;
}

static void print_event(const struct event *ev)
{
	for (uint32_t i = 0; i < ev->n_fields; i++)
		printf("  %s %.*s = %.*s\n", i < ev->n_raw ? "raw" : "ECS",
		       STR_ARG(ev->fields[i].name), STR_ARG(ev->fields[i].val));
}

static void check_event(const struct want *w, const struct event *ev)
{
	unsigned failed = test_failed;
	char text[TIME_TEXT_MAX];

	CHECK(w->name, strcmp(formats[ev->format].name, w->format) == 0);
	CHECK(w->name, ev->time_told == (w->time != NULL));
	if (w->time != NULL && !CHECK(w->name, strcmp(time_rfc3339(ev->time, text), w->time) == 0))
		printf("  time is %s\n", text);
	CHECK(w->name, ev->direction == w->dir);
	CHECK(w->name, ev->outcome == w->outcome);
	for (size_t i = 0; i < COUNT(w->fields) && w->fields[i] != NULL; i++) {
		struct str f = str_of(w->fields[i]);
		bool ok = f.p[0] == '!' ? absent(ev, str_skip(f, 1)) : has(ev, f);

		if (!CHECK(w->name, ok))
			printf("  wanted %s\n", w->fields[i]);
	}
	if (test_failed > failed) {
		printf("  format %s, direction %d, outcome %d\n", formats[ev->format].name,
		       ev->direction, ev->outcome);
		print_event(ev);
	}
}

static void check_runs(const char *name, const struct event *ev)
{
	for (uint32_t i = 0; i < ev->n_fields; i++)
		CHECK(name, (ev->fields[i].id == ECS_NONE) == (i < ev->n_raw) &&
				    ev->fields[i].bare <= ev->fields[i].name.n);
}

int main(void)
{
	struct range public;
	struct own_ranges own = { NULL, 0, &public, 1 };
	struct read_ctx ctx = { .own = &own, .host = STR("192.0.2.250") };
	struct arena whole;
	bool zone;

	if (!CHECK("public range", range_parse(STR("198.51.100.0/24"), &public, NULL)) ||
	    !CHECK("now", time_parse_rfc3339(STR("2026-03-10T05:00:00Z"), &ctx.now, &zone)) ||
	    !CHECK("room", arena_reserve(&whole, (size_t)16 << 20)))
		return TEST_REPORT();
	/* One reader for all: what it remembers must never spoil what comes next. */
	struct reader *one = reader_new(&ctx);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct reader *fresh = reader_new(&ctx);
		struct arena a = whole;
		struct event ev;

		reader_read(fresh, &a, str_of(cases[i].in), &ev);
		check_event(&cases[i], &ev);
		check_runs(cases[i].name, &ev);
		reader_read(one, &a, str_of(cases[i].in), &ev);
		check_event(&cases[i], &ev);
		reader_free(fresh);
	}
	/* No room at all is a partial event, never a crash. */
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { whole.beg, whole.beg };
		struct event ev;

		reader_read(one, &a, str_of(cases[i].in), &ev);
		CHECK(cases[i].name, ev.n_fields == 0 && ev.partial);
	}
	reader_free(one);
	arena_release(whole);
	return TEST_REPORT();
}
