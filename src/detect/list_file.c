/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list_file.c - reads a list whose shape list_shape.c has found: row by row, cell by cell.
 *
 * Invariant: a row gives at least one indicator or exactly one complaint.
 */
#include "detect/list_file.h"

#include "base/json.h"
#include "base/jsonw.h"
#include "base/num.h"
#include "base/table.h"
#include "base/time.h"
#include "detect/list_row_int.h"

enum { PASSED_STEP = 8 << 20 };

static const char *const names[COL_N] = { "ignore", "ip",         "domain",     "url",  "hash",
					  "email",  "file",       "indicator",  "note", "time",
					  "number", "valid_from", "valid_until" };

const char *list_column_name(enum list_column c)
{
	return c < COL_N ? names[c] : "ignore";
}

bool list_map_parse(struct str s, struct list_map *out, struct err *why)
{
	struct list_map m = { 0 };
	struct str rest = s, part;

	while (str_split(&rest, ',', &part)) {
		size_t eq = str_find_char(part, '='), c = 0;
		struct str what = str_trim(str_sub(part, 0, eq));
		struct str where = str_trim(str_skip(part, eq + 1));
		size_t at = (size_t)(part.p - s.p);
		uint64_t n;

		while (c < COL_N && !str_eq_nocase(what, str_of(names[c])))
			c++;
		if (c == COL_N)
			return err_set(why, ERR_INPUT, at, "'%.*s' is nothing a column can hold",
				       STR_ARG(what));
		if (where.n == 0)
			return err_set(why, ERR_INPUT, at, "which column holds '%.*s'?",
				       STR_ARG(what));
		if (m.n == COUNT(m.item))
			return err_set(why, ERR_LIMIT, at, "more than %zu columns named",
				       COUNT(m.item));
		m.item[m.n].what = (enum list_column)c;
		if (num_parse(where, 1, LIST_MAX_COLUMNS, &n))
			m.item[m.n].column = (uint32_t)n;
		else
			m.item[m.n].header = where;
		m.n++;
	}
	*out = m;
	return true;
}

/* What the columns of a row say of its validity. */
struct validity {
	bool told;
	int64_t from, until;
};

struct reading {
	const struct list_file *f;
	struct validity valid; /* of the row */
	const struct list_sink *sink;
	struct list_counts *counts;
	struct err why; /* of the cell that could not be used, ERR_NONE when all could */
	bool ended;
};

static bool fits(enum list_column c, enum indicator_type t)
{
	switch (c) {
	case COL_IP:
		return t == IND_IP || t == IND_RANGE;
	case COL_DOMAIN:
		return t == IND_DOMAIN;
	case COL_URL:
		return t == IND_URL || t == IND_DOMAIN || t == IND_IP;
	case COL_HASH:
		return t == IND_MD5 || t == IND_SHA1 || t == IND_SHA256;
	case COL_EMAIL:
		return t == IND_EMAIL;
	case COL_FILE:
		return t == IND_FILE;
	default:
		return true;
	}
}

static void give(struct reading *r, struct indicator *x, const struct row *row, struct str note)
{
	struct list_counts *c = r->counts;

	x->dated = r->valid.told;
	x->valid_from = r->valid.from;
	x->valid_until = r->valid.until;

	c->entries++;
	c->type[x->type]++;
	c->ipv6 += x->type == IND_IP && !addr_is_v4(&x->range.lo);
	c->defanged += (x->notes & IND_DEFANGED) != 0;
	c->private += (x->notes & IND_PRIVATE) != 0;
	r->ended = !r->sink->entry(r->sink->ctx, x, note, row->line);
}

static bool has_range_mark(struct str s)
{
	return memchr(s.p, '/', s.n) != NULL || memchr(s.p, '-', s.n) != NULL ||
	       memchr(s.p, '*', s.n) != NULL;
}

/* One value of a column; false with r->why set. */
static bool take_value(struct reading *r, struct arena a, struct str s, size_t column,
		       const struct row *row, struct str note)
{
	enum list_column c = r->f->column[column].holds;
	struct indicator x;

	/* Where a column is said to hold files the form need not say so. */
	if (c == COL_FILE && r->f->mapped)
		s = arena_printf(&a, "file:%.*s", STR_ARG(s));
	if (!indicator_parse(&a, s, &x, &r->why))
		return c == COL_IP && !has_range_mark(s) &&
		       err_set(&r->why, ERR_INPUT, 0, "not an IP address");
	if (r->f->mapped && !fits(c, x.type))
		return err_set(&r->why, ERR_INPUT, 0, "a column of '%s' holds '%s'",
			       list_column_name(c), indicator_type_name(x.type));
	give(r, &x, row, note);
	return true;
}

static bool is_apart(char c)
{
	return ascii_space(c) || c == ',' || c == ';' || c == '|';
}

/* The next of several values in a cell. */
static bool next_value(struct str cell, size_t *at, struct str *out)
{
	size_t from;

	while (*at < cell.n && is_apart(cell.p[*at]))
		++*at;
	from = *at;
	while (*at < cell.n && !is_apart(cell.p[*at]))
		++*at;
	*out = str_sub(cell, from, *at);
	return out->n > 0;
}

/* A cell holds one value, or several apart by blanks or commas of which each must be one. */
static bool take_cell(struct reading *r, struct arena a, size_t column, const struct row *row,
		      struct str note)
{
	struct str cell = row->cell[column], one;
	struct indicator x;
	size_t n = 0;

	if (take_value(r, a, cell, column, row, note))
		return true;
	for (size_t at = 0; next_value(cell, &at, &one); n++) {
		struct arena scratch = a;

		if (!indicator_parse(&scratch, one, &x, NULL))
			return false;
	}
	if (n < 2)
		return false;
	for (size_t at = 0; next_value(cell, &at, &one) && !r->ended;)
		if (!take_value(r, a, one, column, row, note))
			return false;
	r->why.kind = ERR_NONE;
	return true;
}

static bool is_indicator(enum list_column c)
{
	return c >= COL_IP && c <= COL_ANY;
}

/* What the columns of notes say, one after the other. */
static struct str note_of(struct reading *r, struct arena *a, const struct row *row)
{
	struct str note = row->remark;

	for (size_t i = 0; i < row->n && i < r->f->n_columns; i++) {
		if (r->f->column[i].holds != COL_NOTE || table_cell_nothing(row->cell[i]))
			continue;
		if (note.n == 0)
			note = row->cell[i];
		else if (note.n < 512)
			note = arena_printf(a, "%.*s; %.*s", STR_ARG(note), STR_ARG(row->cell[i]));
	}
	return note.p == NULL ? STR("") : note;
}

static void complain(struct reading *r, uint64_t line, const struct err *why)
{
	r->counts->bad++;
	if (r->sink->bad != NULL)
		r->sink->bad(r->sink->ctx, line, why);
}

/* First and last address in two cells as one range; a row that tells only one of them keeps it. */
static const struct row *join_range(const struct reading *r, struct arena *a, const struct row *row,
				    struct row *joined)
{
	size_t at = r->f->range - 1;

	if (r->f->range == 0 || row->n < at + 2 || table_cell_nothing(row->cell[at]) ||
	    table_cell_nothing(row->cell[at + 1]))
		return row;
	*joined = *row;
	joined->cell[at] = arena_printf(a, "%.*s-%.*s", STR_ARG(row->cell[at]),
					STR_ARG(row->cell[at + 1]));
	joined->cell[at + 1] = STR("");
	return joined;
}

/* A line whose dates cannot be read is not used: nobody knows whether it still says anything. */
static bool take_validity(struct reading *r, struct arena a, const struct row *row, struct err *why)
{
	struct validity v = { false, TIME_NONE, TIME_NONE };

	for (size_t i = 0; i < row->n && i < r->f->n_columns; i++) {
		enum list_column c = r->f->column[i].holds;

		if ((c != COL_FROM && c != COL_UNTIL) || table_cell_nothing(row->cell[i]))
			continue;
		if (c == COL_UNTIL && list_endless(a, row->cell[i]))
			continue;
		if (!list_day(row->cell[i], c == COL_UNTIL, c == COL_FROM ? &v.from : &v.until))
			return err_set(why, ERR_INPUT, 0, "'%.*s' is not a date",
				       STR_ARG(row->cell[i]));
		v.told = true;
	}
	if (v.from != TIME_NONE && v.until != TIME_NONE && v.until < v.from)
		return err_set(why, ERR_INPUT, 0, "the line ends before it begins to be valid");
	r->valid = v;
	return true;
}

static void take_row(struct reading *r, struct arena a, const struct row *given_row)
{
	struct row joined;
	const struct row *row = join_range(r, &a, given_row, &joined);
	struct str note = note_of(r, &a, row);
	struct err first = { 0 };
	size_t given = 0;

	if (!take_validity(r, a, row, &first)) {
		complain(r, row->line, &first);
		return;
	}
	for (size_t i = 0; i < row->n && i < r->f->n_columns && !r->ended; i++) {
		if (!is_indicator(r->f->column[i].holds) || table_cell_nothing(row->cell[i]))
			continue;
		r->why.kind = ERR_NONE;
		if (take_cell(r, a, i, row, note))
			given++;
		else if (first.kind == ERR_NONE)
			first = r->why;
	}
	if (given > 0)
		return;
	if (first.kind == ERR_NONE)
		err_set(&first, ERR_INPUT, 0, "no indicator in this line");
	complain(r, row->line, &first);
}

/* Tell the sink from time to time how far the reading came: *from is where it was told last. */
static void tell_passed(const struct reading *r, const struct rows *rows, struct str *from)
{
	size_t n = from->n - rows->rest.n;

	if (r->sink->passed == NULL || n < PASSED_STEP)
		return;
	r->sink->passed(r->sink->ctx, str_sub(*from, 0, n));
	*from = rows->rest;
}

static bool read_rows(struct reading *r, struct arena scratch, const struct json *array)
{
	struct rows rows;
	struct row row;

	rows_begin(&rows, r->f, array);
	struct str from = rows.rest;

	while (!r->ended) {
		struct arena a = scratch;
		struct err why = { 0 };
		enum row_is is = rows_next(&rows, &a, &row, &why);

		if (is == ROW_END)
			break;
		if (row.line < r->f->first)
			continue;
		if (r->counts->rows == LIST_MAX_ROWS)
			return false;
		r->counts->rows++;
		if (is == ROW_BAD)
			complain(r, row.line, &why);
		else
			take_row(r, a, &row);
		tell_passed(r, &rows, &from);
	}
	return !r->ended;
}

bool list_file_read(const struct list_file *f, struct arena scratch, const struct list_sink *sink,
		    struct list_counts *out)
{
	struct reading r = { .f = f, .sink = sink, .counts = out };
	struct json *root = NULL;
	bool ok;

	*out = (struct list_counts){ 0 };
	if (f->form != LIST_JSON)
		return read_rows(&r, scratch, NULL);
	if (!json_parse(f->text, LIST_MAX_JSON, &root, NULL))
		return false;
	ok = read_rows(&r, scratch, json_list(root, NULL));
	json_free(root);
	return ok;
}

void list_counts_put(struct jsonw *w, const struct list_counts *c)
{
	jsonw_open(w, '{');
	if (c->type[IND_IP] > c->ipv6)
		jsonw_kv_int(w, "ipv4", (int64_t)(c->type[IND_IP] - c->ipv6));
	if (c->ipv6 > 0)
		jsonw_kv_int(w, "ipv6", (int64_t)c->ipv6);
	for (int t = IND_RANGE; t < IND_TYPE_N; t++)
		if (c->type[t] > 0)
			jsonw_kv_int(w, indicator_type_name((enum indicator_type)t),
				     (int64_t)c->type[t]);
	jsonw_close(w, '}');
}
