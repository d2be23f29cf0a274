/* SPDX-License-Identifier: Apache-2.0 */
/* corpus_int.h - what the corpus_*_test.c share: files of the corpus read as a source sends them. */
#ifndef EVENT_CORPUS_INT_H
#define EVENT_CORPUS_INT_H

#include "base/file.h"
#include "base/json.h"
#include "base/test.h"
#include "event/formats.h"

#include <fcntl.h>

static struct arena corpus_whole;

UNUSED static bool corpus_open(const char *what)
{
	if (test_corpus() == NULL) {
		test_skip(what, "CANH_CORPUS is not set");
		return false;
	}
	return CHECK(what, arena_reserve(&corpus_whole, (size_t)256 << 20));
}

UNUSED static void corpus_close(void)
{
	arena_release(corpus_whole);
}

/* A file of the corpus, in `a`; p NULL (and a failed check) when it is not there. */
UNUSED static struct str corpus_file(struct arena *a, const char *path)
{
	char full[4096];
	struct str text = { NULL, 0 };
	struct err why = { 0 };

	snprintf(full, sizeof full, "%s/%s", test_corpus(), path);
	if (!CHECK(path, file_load(a, AT_FDCWD, full, (size_t)64 << 20, &text, &why)))
		printf("  %s\n", why.text);
	return text;
}

/* The value of the raw field of that exact name, else of the ECS name, else p NULL. */
UNUSED static struct str corpus_get(const struct event *ev, const char *name)
{
	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (str_eq(ev->fields[i].name, str_of(name)) ||
		    (i < ev->n_raw && str_eq(field_bare(&ev->fields[i]), str_of(name))))
			return ev->fields[i].val;
	return (struct str){ NULL, 0 };
}

/* Does any field of that name hold that value? */
UNUSED static bool corpus_has(const struct event *ev, struct str name, struct str val)
{
	for (uint32_t i = 0; i < ev->n_fields; i++)
		if ((str_eq(ev->fields[i].name, name) ||
		     (i < ev->n_raw && str_eq(field_bare(&ev->fields[i]), name))) &&
		    str_eq(ev->fields[i].val, val))
			return true;
	return false;
}

/* CHECK that also tells what stands there instead. */
UNUSED static bool corpus_check(const char *name, const struct event *ev, const char *field,
				struct str want)
{
	bool ok = corpus_has(ev, str_of(field), want);

	if (!CHECK(name, ok)) {
		struct str got = corpus_get(ev, field);

		printf("  %s: wanted '%.*s', got '%.*s' (%s)\n  %.*s\n", field, STR_ARG(want),
		       got.p == NULL ? 6 : (int)got.n, got.p == NULL ? "absent" : got.p,
		       formats[ev->format].name, (int)(ev->raw.n > 300 ? 300 : ev->raw.n),
		       ev->raw.p);
	}
	return ok;
}

UNUSED static bool corpus_time(const char *name, const struct event *ev, struct str want)
{
	int64_t t = 0;
	bool zone, ok = time_parse_rfc3339(want, &t, &zone) && ev->time_told && ev->time == t;
	char text[TIME_TEXT_MAX];

	if (!CHECK(name, ok))
		printf("  time: wanted %.*s, got %s\n  %.*s\n", STR_ARG(want),
		       time_rfc3339(ev->time, text), (int)(ev->raw.n > 200 ? 200 : ev->raw.n),
		       ev->raw.p);
	return ok;
}

#endif
