/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list_row.c - a list file cut into rows and cells: lines, delimited lines with quotes (RFC 4180),
 * JSON objects.
 *
 * Invariant: rows_next() always takes at least one line or element, so that walking ends.
 */
#include "base/json.h"
#include "detect/list_row_int.h"

enum { QUOTED_LINES = 32 };

void rows_begin(struct rows *r, const struct list_file *f, const struct json *array)
{
	*r = (struct rows){ .f = f, .rest = f->text, .array = array };
}

static bool is_comment(struct str s, char delimiter)
{
	return s.p[0] == '#' || str_starts(s, STR("//")) || (s.p[0] == ';' && delimiter != ';');
}

/* The next line that holds something; without CR. */
static bool next_line(struct rows *r, struct str *out)
{
	while (str_line(&r->rest, out)) {
		struct str s = str_trim(*out);

		r->line++;
		if (s.n > 0 && !is_comment(s, r->f->delimiter))
			return true;
	}
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool add_cell(struct row *row, struct str cell)
{
	if (row->n == LIST_MAX_COLUMNS)
		return false;
	row->cell[row->n++] = str_trim(cell);
	return true;
}

/* Where the run of other than blanks at or behind *at begins; *at is moved to its end. */
static size_t next_run(struct str line, size_t *at)
{
	size_t from;

	while (*at < line.n && is_blank(line.p[*at]))
		++*at;
	from = *at;
	while (*at < line.n && !is_blank(line.p[*at]))
		++*at;
	return from;
}

/* The end of a range that is written with blanks, "192.0.2.1 - 192.0.2.9"; 0 where none begins. */
static size_t range_end(struct arena a, struct str line, size_t from, size_t at)
{
	struct indicator x;
	size_t sign = next_run(line, &at);
	struct str mark = str_sub(line, sign, at);

	if (!str_eq(mark, STR("-")) && !str_eq(mark, STR("\xe2\x80\x93")))
		return 0;
	(void)next_run(line, &at);
	return indicator_parse(&a, str_sub(line, from, at), &x, NULL) && x.type == IND_RANGE ? at
											     : 0;
}

static void split_blanks(struct arena a, struct str line, struct row *row)
{
	for (size_t at = 0; at < line.n;) {
		size_t from = next_run(line, &at), end = range_end(a, line, from, at);

		at = end > 0 ? end : at;
		if (at > from && !add_cell(row, str_sub(line, from, at)))
			return;
	}
}

/* A quoted cell at `at` (behind the quote): its text, and where it ends. False: not closed. */
static bool take_quoted(struct arena *a, struct str line, size_t *at, struct str *out)
{
	size_t i = *at, doubled = 0, n = 0;

	for (; i < line.n; i++) {
		if (line.p[i] != '"')
			continue;
		if (i + 1 == line.n || line.p[i + 1] != '"')
			break;
		doubled++;
		i++;
	}
	if (i >= line.n)
		return false;
	*out = str_sub(line, *at, i);
	*at = i + 1;
	if (doubled == 0)
		return true;
	char *p = arena_bytes(a, out->n);

	if (p == NULL)
		return false;
	for (size_t k = 0; k < out->n; k++) {
		p[n++] = out->p[k];
		if (out->p[k] == '"')
			k++;
	}
	*out = (struct str){ p, n };
	return true;
}

/* The cells of a line; false when a quote is not closed in it. */
static bool split_line(struct arena *a, struct str line, char delimiter, struct row *row)
{
	size_t at = 0;

	row->n = 0;
	for (;;) {
		struct str cell;
		size_t from = at;

		while (from < line.n && line.p[from] == ' ')
			from++;
		if (from < line.n && line.p[from] == '"') {
			at = from + 1;
			if (!take_quoted(a, line, &at, &cell))
				return false;
			at += str_find_char(str_skip(line, at), delimiter);
		} else {
			cell = str_skip(line, at);
			cell.n = str_find_char(cell, delimiter);
			at += cell.n;
		}
		if (!add_cell(row, cell) || at >= line.n)
			return true;
		at++;
	}
}

/* A quote that is open at the end of the line may close some lines on. */
static enum row_is join_quoted(struct rows *r, struct arena *a, struct str line, struct row *row,
			       struct err *why)
{
	struct str rest = r->rest, more;

	for (int i = 1; i <= QUOTED_LINES && str_line(&rest, &more); i++) {
		struct str all = { line.p, (size_t)(more.p + more.n - line.p) };

		if (all.n > LIST_MAX_LINE)
			break;
		if (!split_line(a, all, r->f->delimiter, row))
			continue;
		r->rest = rest;
		r->line += (uint64_t)i;
		return ROW_OK;
	}
	err_set(why, ERR_INPUT, 0, "a quote is not closed");
	return ROW_BAD;
}

static enum row_is next_delimited(struct rows *r, struct arena *a, struct str line, struct row *row,
				  struct err *why)
{
	if (r->f->delimiter == ' ') {
		split_blanks(*a, line, row);
		return ROW_OK;
	}
	if (split_line(a, line, r->f->delimiter, row))
		return ROW_OK;
	return join_quoted(r, a, line, row, why);
}

/* How long the sign is that a remark begins with: "#", ";", "//"; 0 for none. */
static size_t remark_sign(struct str s)
{
	return s.p[0] == '#' || s.p[0] == ';' ? 1 : str_starts(s, STR("//")) ? 2 : 0;
}

static size_t first_blank(struct str s)
{
	size_t i = 0;

	while (i < s.n && !is_blank(s.p[i]))
		i++;
	return i;
}

/* One cell, and the remark behind a blank and its sign. */
static enum row_is next_plain(struct str line, struct row *row)
{
	struct str s = str_trim(line);

	row->n = 1;
	for (size_t i = 1 + first_blank(s); i < s.n; i++) {
		size_t sign = is_blank(s.p[i - 1]) ? remark_sign(str_skip(s, i)) : 0;

		if (sign > 0) {
			row->remark = str_trim(str_skip(s, i + sign));
			s = str_trim(str_sub(s, 0, i));
			break;
		}
	}
	row->cell[0] = s;
	return ROW_OK;
}

/* The column of that header, added when there is room; LIST_MAX_COLUMNS when there is none. */
static size_t column_of(struct list_file *f, struct arena *a, struct str header)
{
	size_t i = 0;

	while (i < f->n_columns && !str_eq(f->column[i].header, header))
		i++;
	if (i < f->n_columns || i == LIST_MAX_COLUMNS)
		return i;
	f->column[i].header = arena_str(a, header);
	if (f->column[i].header.p == NULL)
		return LIST_MAX_COLUMNS;
	f->n_columns++;
	return i;
}

static struct str json_cell(struct arena *a, const struct json *v)
{
	struct str s = json_str(v);
	int64_t n;

	if (s.p != NULL)
		return arena_str(a, str_trim(s));
	if (json_int(v, &n))
		return arena_printf(a, "%lld", (long long)n);
	/* Several values stand in one cell, apart. */
	for (size_t i = 0; i < json_count(v); i++) {
		struct str one = json_str(json_at(v, i));

		if (one.p != NULL && s.p != NULL)
			s = arena_printf(a, "%.*s %.*s", STR_ARG(s), STR_ARG(one));
		else if (one.p != NULL)
			s = arena_str(a, one);
	}
	return s.p == NULL ? STR("") : s;
}

/* The cells of one object under the columns of the file; a text by itself is the first column. */
static void json_row(const struct list_file *f, struct arena *a, const struct json *v,
		     struct row *row)
{
	const struct json *value;
	const void *iter = NULL;
	struct str key;

	row->n = f->n_columns;
	if (!json_is_object(v)) {
		row->n = 1;
		row->cell[0] = json_cell(a, v);
		return;
	}
	while ((iter = json_next(v, iter, &key, &value)) != NULL)
		for (size_t i = 0; i < f->n_columns; i++)
			if (str_eq(f->column[i].header, key))
				row->cell[i] = json_cell(a, value);
}

static enum row_is next_json(struct rows *r, struct arena *a, struct row *row)
{
	if (r->at >= json_count(r->array))
		return ROW_END;
	json_row(r->f, a, json_at(r->array, r->at++), row);
	row->line = r->at;
	return ROW_OK;
}

static enum row_is next_json_line(struct rows *r, struct arena *a, struct str line, struct row *row,
				  struct err *why)
{
	struct json *root;

	if (!json_parse(str_trim(line), LIST_MAX_LINE, &root, why))
		return ROW_BAD;
	json_row(r->f, a, root, row);
	json_free(root);
	return ROW_OK;
}

enum row_is rows_next(struct rows *r, struct arena *a, struct row *out, struct err *why)
{
	struct str line;

	/* Cells behind `n` are nobody's: clearing them would cost more than a short line. */
	out->n = 0;
	out->line = 0;
	out->remark = (struct str){ NULL, 0 };
	if (r->f->form == LIST_JSON || r->f->form == LIST_JSON_LINES)
		memset(out->cell, 0, sizeof out->cell);
	if (r->f->form == LIST_JSON)
		return next_json(r, a, out);
	if (!next_line(r, &line))
		return ROW_END;
	out->line = r->line;
	if (line.n > LIST_MAX_LINE) {
		err_set(why, ERR_LIMIT, 0, "longer than %d bytes", LIST_MAX_LINE);
		return ROW_BAD;
	}
	switch (r->f->form) {
	case LIST_DELIMITED:
		return next_delimited(r, a, line, out, why);
	case LIST_JSON_LINES:
		return next_json_line(r, a, line, out, why);
	default:
		return next_plain(line, out);
	}
}

static void object_headers(struct list_file *f, struct arena *a, const struct json *v)
{
	const struct json *value;
	const void *iter = NULL;
	struct str key;

	if (!json_is_object(v))
		column_of(f, a, STR(""));
	else
		while ((iter = json_next(v, iter, &key, &value)) != NULL)
			column_of(f, a, key);
}

void json_headers(struct list_file *f, struct arena *a, const struct json *array)
{
	struct rows r;
	struct str line;

	rows_begin(&r, f, array);
	for (size_t i = 0; i < 200 && f->form == LIST_JSON && i < json_count(array); i++)
		object_headers(f, a, json_at(array, i));
	for (size_t i = 0; i < 200 && f->form == LIST_JSON_LINES && next_line(&r, &line); i++) {
		struct json *root;

		if (!json_parse(str_trim(line), LIST_MAX_LINE, &root, NULL))
			continue;
		object_headers(f, a, root);
		json_free(root);
	}
}

const struct json *json_list(const struct json *root, struct err *why)
{
	static const char *const names[] = { "list", "data",       "items",   "iocs",
					     "ioc",  "indicators", "objects", "results" };
	struct str type = json_get_str(root, "type");

	if (json_is_array(root))
		return root;
	if (str_eq(type, STR("substring")) || str_eq(type, STR("regex"))) {
		err_set(why, ERR_INPUT, 0, "a list of type '%.*s' holds no indicators",
			STR_ARG(type));
		return NULL;
	}
	for (size_t i = 0; i < COUNT(names); i++)
		if (json_is_array(json_get(root, names[i])))
			return json_get(root, names[i]);
	err_set(why, ERR_INPUT, 0, "no list in this JSON document");
	return NULL;
}
