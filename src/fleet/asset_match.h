/* SPDX-License-Identifier: Apache-2.0 */
/* asset_match.h - which asset a row is of, or none; for asset_import.c only. */
#ifndef FLEET_ASSET_MATCH_H
#define FLEET_ASSET_MATCH_H

#include "fleet/asset.h"
#include "state/scope.h"

/* What decides, of a row and of an asset. */
struct asset_key {
	struct str host, domain; /* folded; domain empty: not told */
	bool named;
	const char *unit; /* told for it; NULL: that of the import, or of whoever told first */
};
/* The parts of a name, folded, in `a`; p of host is NULL when `a` is full. */
void asset_key_name(struct arena *a, struct str name, struct str *host, struct str *domain);

/* id "" : none, or several that are as near. Looks at what the scope reaches. */
MUST_USE bool asset_match(struct db *db, const struct scope *scope, const struct asset_key *key,
			  const struct asset_told *told, char id[UUID_MAX], struct err *why);

#endif
