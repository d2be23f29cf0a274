/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list_file.h - a list of indicators as others hand it out: CSV, TSV, text, JSON, with whatever
 * columns and headers it has.
 *
 * Input is hostile. Opening finds the encoding (UTF-8, UTF-16 with its mark), the delimiter, the
 * header and what each column holds; reading gives each indicator, and each line that could not be
 * used with its number and reason, and goes on. All views point into the bytes or the arena given
 * to list_file_open().
 */
#ifndef DETECT_LIST_FILE_H
#define DETECT_LIST_FILE_H

#include "detect/indicator.h"

enum {
	LIST_MAX_BYTES = 1 << 30,
	LIST_MAX_COLUMNS = 64,
	LIST_MAX_LINE = 64 << 10,
	LIST_MAX_ROWS = 64 << 20,
	LIST_SAMPLES = 3,
	LIST_MAX_JSON = 64 << 20, /* of one JSON document */
};

enum list_column {
	COL_IGNORE,
	COL_IP, /* addresses and ranges */
	COL_DOMAIN,
	COL_URL,
	COL_HASH,
	COL_EMAIL,
	COL_FILE, /* names or paths of files */
	COL_ANY,  /* indicators of any type */
	COL_NOTE,
	COL_TIME,
	COL_NUMBER,
	COL_FROM, /* when the line begins to be valid, and when it ends */
	COL_UNTIL,
	COL_N,
};
/* "ip", "note", ...; COL_ANY is "indicator". */
const char *list_column_name(enum list_column c);

/* "ip=3,note=4": columns from 1, or the words of their header. */
struct list_map {
	struct {
		enum list_column what;
		uint32_t column; /* 0: by header */
		struct str header;
	} item[16];
	size_t n;
};
MUST_USE bool list_map_parse(struct str s, struct list_map *out, struct err *why);

enum list_form { LIST_LINES, LIST_DELIMITED, LIST_JSON_LINES, LIST_JSON };

struct list_file {
	struct str text;
	enum list_form form;
	char delimiter; /* LIST_DELIMITED: , ; | tab, or a blank for runs of blanks */
	bool header, mapped;
	uint64_t first; /* the number of the first line that holds data */
	size_t n_columns;
	size_t range; /* number of the column that with the next one tells ranges, from 1; 0: none */
	struct {
		struct str header;
		enum list_column holds;
		struct str sample[LIST_SAMPLES];
		size_t n_samples;
	} column[LIST_MAX_COLUMNS];
};

/* `map` may be NULL. `kind` helps where a list has columns for both ends of a connection. */
MUST_USE bool list_file_open(struct arena *a, struct str bytes, const struct list_map *map,
			     enum list_kind kind, struct list_file *out, struct err *why);

/* Callbacks of one reading. False from `entry` ends it. `bad` may be NULL. */
struct list_sink {
	bool (*entry)(void *ctx, const struct indicator *x, struct str note, uint64_t line);
	void (*bad)(void *ctx, uint64_t line, const struct err *why);
	void *ctx;
	/* That part of the text is not read again, and may go; headers and samples of the columns may
	 * go with it. May be NULL. */
	void (*passed)(void *ctx, struct str part);
};
struct list_counts {
	uint64_t rows, entries, bad, defanged, private;
	uint64_t type[IND_TYPE_N], ipv6; /* ipv6: of type[IND_IP] */
};
/* {"ipv4": n, "ipv6": n, "domain": n, ...} of the types that are there. */
struct jsonw;
void list_counts_put(struct jsonw *w, const struct list_counts *c);
/* Lines of a JSON document are numbered by its elements. False when `entry` or a cap ended it. */
bool list_file_read(const struct list_file *f, struct arena scratch, const struct list_sink *sink,
		    struct list_counts *out);

#endif
