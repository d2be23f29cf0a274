/* SPDX-License-Identifier: Apache-2.0 */
/* Held days: what is told holds at once and over a restart; before anything is told nothing goes. */
#include "proc/held.h"

#include "base/file.h"
#include "base/test.h"
#include "store/day.h"

#include <fcntl.h>
#include <unistd.h>

static const struct {
	const char *name, *json;
	size_t n; /* 99: refused */
} texts[] = {
	{ "none", "{\"days\":[]}", 0 },
	{ "two", "{\"days\":[\"2026-11-20/2026-11-22\",\"2026-01-01/2026-01-01\"]}", 2 },
	{ "no JSON", "days", 99 },
	{ "no list", "{\"days\":{}}", 99 },
	{ "nothing", "{}", 99 },
	{ "a number", "{\"days\":[20261120]}", 99 },
	{ "one day", "{\"days\":[\"2026-11-20\"]}", 99 },
	{ "backwards", "{\"days\":[\"2026-11-20/2026-11-19\"]}", 99 },
	{ "no such day", "{\"days\":[\"2026-02-30/2026-02-30\"]}", 99 },
};

static int32_t day(const char *text)
{
	int32_t d = 0;

	CHECK(text, day_parse(str_of(text), &d));
	return d;
}

static void reading(void)
{
	static struct held_span spans[HELD_SPANS];

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct err why = { 0 };
		size_t n = 99;

		CHECK(texts[i].name,
		      held_parse(str_of(texts[i].json), spans, &n, &why) == (texts[i].n != 99) &&
			      n == texts[i].n);
	}
}

static void telling(void)
{
	char dir[] = "/tmp/canh-held-XXXXXX", path[64];
	struct err why = { 0 };

	if (mkdtemp(dir) == NULL)
		abort();
	struct held *h = held_new(dir);
	CHECK("nothing was told", h != NULL && !held_known(h, false) && !held_known(h, true));
	CHECK("bad", !held_set(h, STR("{}"), &why) && !held_known(h, true));
	CHECK("told", held_set(h, STR("{\"days\":[\"2026-11-20/2026-11-22\"]}"), &why));
	CHECK("known", held_known(h, false) && held_known(h, true));
	CHECK("held", held_is(h, day("2026-11-20")) && held_is(h, day("2026-11-22")));
	CHECK("not held", !held_is(h, day("2026-11-19")) && !held_is(h, day("2026-11-23")));
	held_free(h);
	h = held_new(dir);
	CHECK("a new life waits to be told", !held_known(h, false) && !held_known(h, true));
	CHECK("but knows by itself", held_is(h, day("2026-11-21")));
	CHECK("released",
	      held_set(h, STR("{\"days\":[]}"), &why) && !held_is(h, day("2026-11-21")));
	held_free(h);
	snprintf(path, sizeof path, "%s/held", dir);
	CHECK("damaged", file_save(AT_FDCWD, path, STR("{\"days\":[\"2026"), 0600, &why));
	h = held_new(dir);
	CHECK("a damaged file says nothing",
	      !held_known(h, true) && !held_is(h, day("2026-11-21")));
	held_free(h);
	CHECK("tidy", test_remove(dir));
	h = held_new(dir);
	CHECK("what cannot be written is told, and held all the same",
	      !held_set(h, STR("{\"days\":[\"2026-11-20/2026-11-20\"]}"), &why) &&
		      held_is(h, day("2026-11-20")) && held_known(h, false));
	held_free(h);
}

int main(void)
{
	reading();
	telling();
	return TEST_REPORT();
}
