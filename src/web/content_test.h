/* SPDX-License-Identifier: Apache-2.0 */
/*
 * content_test.h - what a house takes from content/: the clocks of alerts, the dispatches.
 */
#ifndef WEB_CONTENT_TEST_H
#define WEB_CONTENT_TEST_H

#include "govern/directive.h"
#include "respond/respond.h"
#include "web/house_test.h"

UNUSED static void house_clocks(struct house *h)
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

/* The shipped dispatches, in *mem, and noted in the state. */
UNUSED static void house_directives(struct house *h, struct arena *mem, struct directives *out)
{
	const char *source = getenv("CANH_SOURCE");
	char path[512];
	struct err why = { 0 };
	struct arena a;

	house_must(source != NULL && arena_reserve(mem, 64 << 20), "CANH_SOURCE", &why);
	a = *mem;
	snprintf(path, sizeof path, "%s/content/directives", source);
	house_must(directives_load(&a, path, out, &why) && directives_note(h->db, out, &why),
		   "content/directives", &why);
}

#endif
