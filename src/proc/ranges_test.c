/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/ranges.h"

#include "base/buf.h"
#include "base/test.h"

static struct arena whole;

static const struct {
	const char *name;
	struct str json;
	bool ok;
	size_t public, inside;
} cases[] = {
	{ "none", STR("{}"), true, 0, 0 },
	{ "pools are public",
	  STR("{\"public_ranges\":[\"192.0.2.0/24\"],\"nat_pools\":[\"198.51.100.1\"]}"), true, 2,
	  0 },
	{ "inside", STR("{\"inside_ranges\":[\"2001:db8::/32\",\"203.0.113.1-203.0.113.9\"]}"),
	  true, 0, 2 },
	{ "no range", STR("{\"public_ranges\":[\"192.0.2.0/33\"]}"), false, 0, 0 },
	{ "no text", STR("{\"public_ranges\":[7]}"), false, 0, 0 },
	{ "no array", STR("{\"public_ranges\":\"192.0.2.0/24\"}"), true, 0, 0 },
};

static void many(void)
{
	struct buf b = BUF(1 << 20);
	struct own_ranges own = { 0 };
	struct arena a = whole;
	struct json *j = NULL;
	struct err why = { 0 };

	buf_add(&b, STR("{\"inside_ranges\":[\"192.0.2.0/24\""));
	for (int i = 0; i < OWN_MAX_RANGES; i++)
		buf_add(&b, STR(",\"192.0.2.0/24\""));
	buf_add(&b, STR("]}"));
	if (CHECK("json", json_parse(buf_str(&b), 1 << 20, &j, NULL)))
		CHECK("too many", !ranges_read(&a, j, &own, &why) && why.kind == ERR_LIMIT &&
					  own.n_inside == 0);
	json_free(j);
	buf_free(&b);
}

int main(void)
{
	if (!arena_reserve(&whole, 8 << 20))
		return 1;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct own_ranges own = { 0 };
		struct arena a = whole;
		struct json *j = NULL;
		struct err why = { 0 };

		if (!CHECK(cases[i].name, json_parse(cases[i].json, 1 << 16, &j, NULL)))
			continue;
		CHECK(cases[i].name, ranges_read(&a, j, &own, &why) == cases[i].ok);
		CHECK(cases[i].name,
		      own.n_public == cases[i].public && own.n_inside == cases[i].inside);
		json_free(j);
	}
	many();
	arena_release(whole);
	return TEST_REPORT();
}
