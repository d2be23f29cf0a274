/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asset_file.h - machines out of a file, whatever form it has: a table (asset_table.h), LDIF (ldif.h),
 * the leases of an ISC DHCP server (leases.h).
 *
 * Input is hostile. The form is seen by the text; what it is of (a book, a directory, ...) too, unless it
 * is told. All views lie in the text or the arena.
 */
#ifndef FLEET_ASSET_FILE_H
#define FLEET_ASSET_FILE_H

#include "fleet/asset.h"

enum {
	ASSET_FILE_MAX = 256 << 20,
	ASSET_MAP_MAX = 32,
	ASSET_UNUSED_MAX = 64,
	ASSET_ROWS_MAX = 500000,
	ASSET_FAULTS_KEPT = 1000,
};

/* "Tên máy=name,3=address": columns by their header or number, and what they hold. */
struct asset_map {
	struct {
		struct str column;
		enum asset_field field;
	} item[ASSET_MAP_MAX];
	size_t n;
};
/* Views of `s`. */
MUST_USE bool asset_map_parse(struct str s, struct asset_map *out, struct err *why);

enum asset_form { FORM_TABLE, FORM_LDIF, FORM_LEASES };
/* "table", "ldif", "leases". */
const char *asset_form_name(enum asset_form f);

struct asset_read {
	enum asset_origin origin; /* ORIGINS: to be seen */
	struct asset_map map;     /* of a table */
};
struct asset_file {
	enum asset_form form;
	enum asset_origin origin;
	struct str unused[ASSET_UNUSED_MAX]; /* headers of columns that are not read */
	size_t n_unused;
	uint64_t others; /* entries of a directory that are no machines */
};
struct asset_fault {
	uint64_t line;
	struct err why;
};
struct asset_rows {
	struct asset_file file;
	struct asset_told *row;
	struct asset_fault *fault; /* the first ASSET_FAULTS_KEPT */
	size_t n, n_faults;
	uint64_t bad; /* lines that have one, all of them */
};
/* False: nothing of it can be read. */
MUST_USE bool asset_file_read(struct arena *a, struct str text, const struct asset_read *how,
			      struct asset_rows *out, struct err *why);

#endif
