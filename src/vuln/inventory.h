/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inventory.h - the packages of one asset, out of whatever lists them: dpkg, apk, CycloneDX, SPDX.
 *
 * Input is hostile. Never logs.
 */
#ifndef VULN_INVENTORY_H
#define VULN_INVENTORY_H

#include "vuln/package.h"

enum { INVENTORY_MAX = 1 << 18 };

struct inventory {
	struct package *first, *last; /* in an arena, in the order of the list */
	size_t n, partial, bad;
};

/* How what cannot be used is told: place is a line, or the number of a package. */
struct inventory_ask {
	bool in_folder;    /* one file of a status.d folder */
	struct str distro; /* of packages that do not tell theirs */
	void (*bad)(void *ctx, uint64_t place, const struct err *why);
	void *ctx;
};

/* Add the packages of `text`, which must live as long as `a`. False: it is none of these lists. */
MUST_USE bool inventory_read(struct inventory *inv, struct arena *a, struct str text,
			     const struct inventory_ask *ask, struct err *why);

#endif
