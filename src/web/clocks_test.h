/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clocks_test.h - the shipped clocks of alerts, kept in the state of a test's house.
 */
#ifndef WEB_CLOCKS_TEST_H
#define WEB_CLOCKS_TEST_H

#include "respond/respond.h"
#include "web/house_test.h"

static void house_clocks(struct house *h)
{
	const char *source = getenv("CANH_SOURCE");
	char path[512];
	struct clocks clocks;
	struct err why = { 0 };
	struct arena mem = { 0 }, a;
	struct str text;

	house_must(source != NULL && arena_reserve(&mem, 8 << 20), "CANH_SOURCE", &why);
	a = mem;
	snprintf(path, sizeof path, "%s/content/clocks.yaml", source);
	house_must(file_load(&a, AT_FDCWD, path, 65536, &text, &why) &&
			   clocks_parse(a, text, &clocks, &why) &&
			   clocks_put(h->db, &clocks, "canh", &why),
		   "content/clocks.yaml", &why);
	arena_release(mem);
}

#endif
