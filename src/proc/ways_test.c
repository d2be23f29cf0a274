/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/ways.h"

#include "base/test.h"
#include "event/formats.h"

int main(void)
{
	static const struct {
		struct str name, peer;
		int at; /* of the list below, -1: none */
	} cases[] = {
		{ STR(""), STR("192.0.2.7"), 0 },
		{ STR("/var/log/a"), STR(""), 1 },
		{ STR(""), STR(""), -1 },
		{ STR("x"), STR("192.0.2.8"), -1 },
		{ STR("192.0.2.7"), STR("other"), 0 },
	};
	static struct config c;
	struct arena whole, a;
	struct ways w = { 0 };
	struct err why = { 0 };

	if (!CHECK("room", arena_reserve(&whole, 1 << 20)))
		return TEST_REPORT();
	a = whole;
	c.way[c.n_way++] = (struct source_way){ STR("192.0.2.7"), STR("kv"), STR("") };
	c.way[c.n_way++] = (struct source_way){ STR("/var/log/a"), STR(""), STR("UTC") };
	CHECK("make", ways_make(&a, &c, &w, NULL) && w.n == 2);
	CHECK("kv", w.all[0].format == format_find(STR("kv")) && w.all[0].zone == NULL);
	CHECK("UTC", w.all[1].format == FORMAT_UNPARSED && w.all[1].zone != NULL);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct way *got = ways_find(&w, cases[i].name, cases[i].peer);

		CHECK("find", got == (cases[i].at < 0 ? NULL : &w.all[cases[i].at]));
	}
	ways_free(&w);
	c.way[c.n_way++] = (struct source_way){ STR("x"), STR(""), STR("Mars") };
	a = whole;
	CHECK("no such zone", !ways_make(&a, &c, &w, &why) && why.kind == ERR_INPUT);
	ways_free(&w);
	arena_release(whole);
	return TEST_REPORT();
}
