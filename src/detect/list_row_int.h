/* SPDX-License-Identifier: Apache-2.0 */
/* list_row_int.h - rows and columns of a list file; for list_*.c only. */
#ifndef DETECT_LIST_ROW_INT_H
#define DETECT_LIST_ROW_INT_H

#include "detect/list_file.h"

struct json;

/* One row: its cells, views of the text or of the arena. */
struct row {
	uint64_t line;
	struct str cell[LIST_MAX_COLUMNS];
	size_t n;
	struct str remark; /* behind "#", ";" or "//", in a file without columns */
};

/* Walks the rows of a file whose form and delimiter are known. */
struct rows {
	const struct list_file *f; /* form, delimiter; for JSON lines also the headers */
	struct str rest;
	uint64_t line;
	const struct json *array; /* LIST_JSON: borrowed */
	size_t at;
};
void rows_begin(struct rows *r, const struct list_file *f, const struct json *array);
enum row_is { ROW_END, ROW_OK, ROW_BAD };
/* The next row that is no comment and not empty; copies go to *a. */
enum row_is rows_next(struct rows *r, struct arena *a, struct row *out, struct err *why);

/* The headers that the rows of JSON have. */
void json_headers(struct list_file *f, struct arena *a, const struct json *array);
/* The array of a JSON document that is a list, or NULL. */
const struct json *json_list(const struct json *root, struct err *why);

/* What a header says: COL_N when nothing; *from, *to: the column is about who called, who was called. */
enum list_column header_says(struct arena a, struct str header, bool *from, bool *to);
/* Do the headers of two columns name the first and the last of a range? */
bool headers_range(struct arena a, struct str first, struct str last);
/* A day or a moment: "2026-11-22", "22/11/2026", "22/11/2026 7:30", RFC 3339; a day and a moment without a zone are of
 * Vietnam. With `end` a day is its last moment. */
MUST_USE bool list_day(struct str s, bool end, int64_t *out);
/* "never", "vô thời hạn": does the cell say that there is no end? */
bool list_endless(struct arena a, struct str s);

#endif
