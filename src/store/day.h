/* SPDX-License-Identifier: Apache-2.0 */
/*
 * day.h - the files of a store: one SQLite database a day, its name, its tables.
 *
 * A day is a calendar day of UTC+7, whatever zone the page shows: the night shift's file is the day
 * that people, letters and orders name, Vietnam has kept that offset without a break since 1975, and
 * a fixed one keeps a name's meaning. An event lies in the day it was received (written), not in
 * the day it tells. Only the newest file is written; once closed, a day is never opened for writing
 * again. docs/formats.md draws the tables.
 */
#ifndef STORE_DAY_H
#define STORE_DAY_H

#include "base/arena.h"
#include "base/time.h"
#include "state/db.h"

enum { DAY_ZONE_S = 7 * 3600, DAY_VERSION = 1, DAY_PAGE = 65536, DAY_PATH_MAX = 4096 };

int32_t day_of(int64_t t);      /* days since 1970-01-01 of UTC+7 */
int64_t day_begin(int32_t day); /* µs UTC */
/* "2026-11-22"; returns out. */
const char *day_text(int32_t day, char out[TIME_TEXT_MAX]);
MUST_USE bool day_parse(struct str text, int32_t *out);

/* FOLDER/YYYY-MM-DD.db */
MUST_USE bool day_path(const char *folder, int32_t day, char out[DAY_PATH_MAX], struct err *why);
/* The days that have a file, oldest first, in `a`. No folder is no days. */
MUST_USE bool day_list(struct arena *a, const char *folder, int32_t **out, size_t *n,
		       struct err *why);

/* Make the tables in an empty file, inside a transaction; the caller then puts the row of `day`. */
MUST_USE bool day_make(struct db *db, struct err *why);
/* Open a day's file for reading. ERR_ABSENT when there is no file, or one that was never begun;
 * ERR_STATE when it is of a newer form. NULL and *why on failure. */
struct db *day_open(const char *folder, int32_t day, struct err *why);
/* The same for a connection that is there. */
MUST_USE bool day_check(struct db *db, int32_t day, struct err *why);

/* A table whose rows carry a check of their own (row.h) in a last column `sum`. */
struct day_table {
	const char *name;
	const char *select; /* all columns, `sum` last */
	const char *kinds;  /* one letter a column but `sum`: i integer, t text, b bytes */
};
extern const struct day_table day_tables[];
extern const size_t day_tables_n;
/* The text that makes all tables, as SQLite keeps it. */
extern const char day_schema[];

#endif
