/* SPDX-License-Identifier: Apache-2.0 */
/* world_test.h - one host's packages and the matcher that they are in, for the tests of this room. */
#ifndef VULN_WORLD_TEST_H
#define VULN_WORLD_TEST_H

#include "base/test.h"
#include "vuln/inventory.h"
#include "vuln/matcher.h"

struct world {
	struct arena a;
	struct inventory inventory;
	struct matcher *m;
};

static void world_no_bad(void *ctx, uint64_t place, const struct err *why)
{
	(void)ctx, (void)place, (void)why;
	CHECK("no package is passed over", false);
}

static bool world_begin(struct world *w, struct arena a, struct str packages, struct str distro)
{
	const struct inventory_ask ask = { false, distro, world_no_bad, NULL };

	*w = (struct world){ .a = a };
	w->m = matcher_new(&w->a);
	return CHECK("packages", inventory_read(&w->inventory, &w->a, packages, &ask, NULL)) &&
	       CHECK("a matcher", w->m != NULL && matcher_add(w->m, STR("host"), &w->inventory) &&
					  matcher_seal(w->m));
}

#endif
