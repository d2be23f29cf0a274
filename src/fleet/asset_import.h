/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asset_import.h - rows of a file (asset_file.h) into the registry, all in one transaction.
 *
 * A row is of the asset that has its name in its unit (a domain that only one of both tells does not
 * part them), or its MAC address unless both have names and these differ; where that leaves none or
 * several it becomes a new asset, and asset_duplicates() proposes what may be one. The same file again
 * changes nothing.
 */
#ifndef FLEET_ASSET_IMPORT_H
#define FLEET_ASSET_IMPORT_H

#include "fleet/asset_file.h"
#include "state/scope.h"

struct asset_import {
	const char *actor;
	struct home home; /* whose it is where a row tells no unit that is registered */
	struct str name;  /* of the source; the file's */
	struct str map;   /* as it was given; empty: none */
	struct str sha256;
	int64_t size_bytes;
	bool preview; /* look what would be kept, keep nothing */
};
struct asset_imported {
	char source[UUID_MAX];       /* "" where nothing was kept */
	bool again;                  /* it was imported before, with this map: nothing was done */
	size_t added, changed, same; /* assets: rows of one machine count it each */
	size_t unknown_units;        /* rows that name a unit or site that is not registered */
};
/* ERR_ABSENT, ERR_IO, ...: of the database; nothing was kept then. */
MUST_USE bool asset_import(struct db *db, struct arena *a, const struct asset_import *in,
			   const struct asset_rows *rows, struct asset_imported *out,
			   struct err *why);

#endif
