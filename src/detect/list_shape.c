/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list_shape.c - finds out what a list file looks like: encoding, delimiter, header, columns.
 *
 * Invariant: every one of the first TRIAL rows is tried under every delimiter, and the delimiter
 * that lets most rows hold an indicator wins; columns are judged by SAMPLE rows.
 */
#include "base/json.h"
#include "base/table.h"
#include "base/utf8.h"
#include "detect/list_row_int.h"

#include <stdlib.h>

enum { SAMPLE = 200, TRIAL = 4096, PREAMBLE = 20 };

/* Counts over the sample under one delimiter. */
struct trial {
	size_t rows, good;   /* good: rows that hold an indicator */
	size_t widest, same; /* same: rows of the most frequent width */
	size_t width[LIST_MAX_COLUMNS + 1];
};

static bool parses(struct arena a, struct str s)
{
	struct indicator x;

	return !table_cell_nothing(s) && indicator_parse(&a, s, &x, NULL);
}

static bool row_has(struct arena a, const struct row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (parses(a, row->cell[i]))
			return true;
	return false;
}

static void try_shape(const struct list_file *f, struct arena scratch, struct trial *t)
{
	struct rows r;
	struct row row;

	*t = (struct trial){ 0 };
	rows_begin(&r, f, NULL);
	while (t->rows < TRIAL) {
		struct arena a = scratch;
		enum row_is is = rows_next(&r, &a, &row, NULL);

		if (is == ROW_END)
			break;
		t->rows++;
		if (is == ROW_BAD)
			continue;
		t->good += row_has(a, &row);
		t->width[row.n]++;
	}
	for (size_t i = 0; i <= LIST_MAX_COLUMNS; i++)
		if (t->width[i] > t->same) {
			t->same = t->width[i];
			t->widest = i;
		}
}

/* Columns of one width in nearly all rows: a table, whatever else the rows could be read as. */
static bool is_table(const struct trial *t)
{
	return t->rows >= 2 && t->widest >= 2 && t->same * 10 >= t->rows * 9;
}

static void find_delimiter(struct list_file *f, struct arena scratch)
{
	static const char tried[] = { '\t', ';', ',', '|', ' ' };
	struct list_file g = *f;
	struct trial t;
	size_t best;

	try_shape(&g, scratch, &t);
	best = t.good;
	f->form = LIST_LINES;
	g.form = LIST_DELIMITED;
	for (size_t i = 0; i < COUNT(tried); i++) {
		bool better;

		g.delimiter = tried[i];
		try_shape(&g, scratch, &t);
		better = t.good > best || (t.good == best && t.good > 0 && tried[i] != ' ' &&
					   f->form == LIST_LINES && is_table(&t));
		if (!better)
			continue;
		best = t.good;
		f->form = LIST_DELIMITED;
		f->delimiter = tried[i];
	}
}

/* How many cells say what a column holds. A first row as wide as the data, without digits, counts
 * as half a header. */
static size_t header_score(struct arena a, const struct row *row, bool first, size_t width)
{
	bool from, to, digits = false;
	size_t n = 0;

	for (size_t i = 0; i < row->n; i++) {
		n += header_says(a, row->cell[i], &from, &to) != COL_N;
		for (size_t k = 0; k < row->cell[i].n; k++)
			digits |= ascii_digit(row->cell[i].p[k]);
	}
	return 2 * n + (first && row->n > 1 && row->n == width && !digits);
}

/* The row with an indicator that begins the data, or false. */
static bool first_data(const struct list_file *f, struct arena scratch, struct row *out)
{
	struct rows r;

	rows_begin(&r, f, NULL);
	for (size_t i = 0; i < PREAMBLE; i++) {
		struct arena a = scratch;
		enum row_is is = rows_next(&r, &a, out, NULL);

		if (is == ROW_END)
			break;
		if (is == ROW_OK && row_has(a, out))
			return true;
	}
	return false;
}

/*
 * Of the rows above the first one with an indicator the one that reads most like a header is the
 * header; what stands above it is a title, what stands below it are lines that could not be used.
 */
static void find_header(struct list_file *f, struct arena *a)
{
	struct rows r;
	struct row row, data, head = { 0 };
	size_t best = 0, i = 0;

	if (!first_data(f, *a, &data))
		return;
	f->n_columns = data.n;
	rows_begin(&r, f, NULL);
	for (; rows_next(&r, a, &row, NULL) != ROW_END && row.line < data.line; i++) {
		size_t score = header_score(*a, &row, i == 0, data.n);

		if (score > 0 && score >= best) {
			best = score;
			head = row;
		}
	}
	f->header = best > 0;
	f->first = f->header ? head.line + 1 : 1;
	if (f->header && f->n_columns < head.n)
		f->n_columns = head.n;
	for (i = 0; f->header && i < head.n; i++)
		f->column[i].header = head.cell[i];
}

/* What the cells of each column are, over the sample. */
struct tally {
	size_t cells, type[IND_TYPE_N], number, time, day;
};

static bool is_number(struct str s)
{
	size_t dots = 0;

	for (size_t i = 0; i < s.n; i++) {
		dots += s.p[i] == '.';
		if (!ascii_digit(s.p[i]) && s.p[i] != '.' && s.p[i] != '%')
			return false;
	}
	return s.n > 0 && dots <= 1;
}

/* Digits with the signs that dates and times are written with. */
static bool is_time(struct str s)
{
	size_t digits = 0, signs = 0;

	if (s.n < 6 || s.n > 40)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		digits += ascii_digit(s.p[i]);
		signs += memchr("-/:.", s.p[i], 4) != NULL;
		if (!ascii_digit(s.p[i]) && memchr("-/:. TZ+,apmAPM", s.p[i], 15) == NULL)
			return false;
	}
	return digits >= 5 && signs >= 2;
}

static void tally_cell(struct arena a, struct str s, struct tally *t)
{
	struct indicator x;

	if (table_cell_nothing(s))
		return;
	int64_t day;

	t->cells++;
	t->day += list_day(s, false, &day) || list_endless(a, s);
	if (indicator_parse(&a, s, &x, NULL))
		t->type[x.type]++;
	else if (is_number(s))
		t->number++;
	else if (is_time(s))
		t->time++;
}

static void tally_rows(struct list_file *f, struct arena *keep, const struct json *array,
		       struct tally *tally)
{
	struct rows r;
	struct row row;
	struct arena scratch;

	rows_begin(&r, f, array);
	for (size_t n = 0; n < SAMPLE; n++) {
		scratch = *keep;
		enum row_is is = rows_next(&r, &scratch, &row, NULL);

		if (is == ROW_END)
			break;
		if (is == ROW_BAD || row.line < f->first)
			continue;
		if (f->n_columns < row.n)
			f->n_columns = row.n;
		for (size_t i = 0; i < row.n; i++) {
			tally_cell(scratch, row.cell[i], &tally[i]);
			/* Samples outlive the row; what they take from the arena is small. */
			if (f->column[i].n_samples < LIST_SAMPLES && row.cell[i].n > 0 && n < 16) {
				*keep = scratch;
				f->column[i].sample[f->column[i].n_samples++] = row.cell[i];
			}
		}
	}
}

/* What the content says: COL_N when it is nothing in particular. */
static enum list_column content_says(const struct tally *t)
{
	size_t ip = t->type[IND_IP] + t->type[IND_RANGE];
	size_t hash = t->type[IND_MD5] + t->type[IND_SHA1] + t->type[IND_SHA256];
	size_t all = ip + hash + t->type[IND_DOMAIN] + t->type[IND_URL] + t->type[IND_EMAIL] +
		     t->type[IND_FILE];

	if (t->cells == 0)
		return COL_IGNORE;
	if (all * 2 >= t->cells) {
		if (ip == all)
			return COL_IP;
		if (hash == all)
			return COL_HASH;
		if (t->type[IND_DOMAIN] == all)
			return COL_DOMAIN;
		if (t->type[IND_EMAIL] == all)
			return COL_EMAIL;
		if (t->type[IND_FILE] == all)
			return COL_FILE;
		return t->type[IND_URL] * 2 > all && ip + hash == 0 ? COL_URL : COL_ANY;
	}
	if (t->number * 2 > t->cells)
		return COL_NUMBER;
	return t->time * 2 > t->cells ? COL_TIME : COL_NOTE;
}

static bool is_indicator(enum list_column c)
{
	return c >= COL_IP && c <= COL_ANY;
}

/* "0.0.0.0 name" of a hosts file: the address is where the name is sent to, no indicator. */
static bool is_hosts_sink(const struct list_file *f, size_t i)
{
	if (f->delimiter != ' ' || i != 0 || f->column[0].n_samples == 0)
		return false;
	for (size_t k = 0; k < f->column[0].n_samples; k++)
		if (!str_eq(f->column[0].sample[k], STR("0.0.0.0")) &&
		    !str_eq(f->column[0].sample[k], STR("127.0.0.1")))
			return false;
	return true;
}

/* The end of a connection that a list of this kind is not about. */
static bool other_end(enum list_kind kind, bool from, bool to)
{
	return kind == LIST_INFECTED ? to && !from : kind == LIST_C2 && from && !to;
}

/* A name beside a digest or an address says what that one is about: many a harmless file is named so. */
static void drop_file_names(struct list_file *f, size_t *indicators)
{
	size_t files = 0;

	for (size_t i = 0; i < f->n_columns; i++)
		files += f->column[i].holds == COL_FILE;
	if (files == *indicators)
		return;
	for (size_t i = 0; i < f->n_columns; i++)
		if (f->column[i].holds == COL_FILE)
			f->column[i].holds = COL_NOTE;
	*indicators -= files;
}

/* A column that is said to hold dates, and does not, says nothing of validity. */
static bool holds_days(enum list_column header, const struct tally *t)
{
	return (header != COL_FROM && header != COL_UNTIL) || t->cells == 0 ||
	       t->day * 2 > t->cells;
}

/*
 * The header decides between what may both be true (a time is no number of order), the content
 * whether there are indicators at all. Of two ends of a connection a list of infected addresses is
 * about who called, one of control servers about who was called.
 */
static void guess_columns(struct list_file *f, struct arena a, const struct tally *tally,
			  enum list_kind kind)
{
	bool from[LIST_MAX_COLUMNS], to[LIST_MAX_COLUMNS];
	size_t indicators = 0, left = 0;

	for (size_t i = 0; i < f->n_columns; i++) {
		enum list_column c = content_says(&tally[i]);
		enum list_column h = header_says(a, f->column[i].header, &from[i], &to[i]);

		if (!holds_days(h, &tally[i]))
			h = COL_N;
		if (is_indicator(c) && h != COL_N && !is_indicator(h))
			c = h;
		else if (!is_indicator(c) && h != COL_N)
			c = is_indicator(h) && tally[i].cells == 0 ? COL_IGNORE : h;
		/* A file of single values is a list of them, however many cannot be used. */
		if (f->form == LIST_LINES && !is_indicator(c))
			c = COL_ANY;
		f->column[i].holds = is_hosts_sink(f, i) ? COL_IGNORE : c;
		indicators += is_indicator(f->column[i].holds);
	}
	drop_file_names(f, &indicators);
	for (size_t i = 0; i < f->n_columns; i++)
		left += is_indicator(f->column[i].holds) && !other_end(kind, from[i], to[i]);
	for (size_t i = 0; i < f->n_columns && left > 0 && left < indicators; i++)
		if (is_indicator(f->column[i].holds) && other_end(kind, from[i], to[i]))
			f->column[i].holds = COL_NOTE;
}

static bool same_header(struct arena a, struct str x, struct str y)
{
	return str_eq(utf8_fold_search(&a, str_trim(x)), utf8_fold_search(&a, str_trim(y)));
}

static bool apply_map(struct list_file *f, struct arena a, const struct list_map *map,
		      struct err *why)
{
	for (size_t i = 0; i < f->n_columns; i++)
		f->column[i].holds = COL_IGNORE;
	for (size_t k = 0; k < map->n; k++) {
		size_t i = map->item[k].column;

		for (size_t c = 0; i == 0 && c < f->n_columns; c++)
			if (same_header(a, f->column[c].header, map->item[k].header))
				i = c + 1;
		if (i == 0 || i > f->n_columns)
			return i > 0 ? err_set(why, ERR_INPUT, 0, "there is no column %zu", i)
				     : err_set(why, ERR_INPUT, 0, "there is no column '%.*s'",
					       STR_ARG(map->item[k].header));
		f->column[i - 1].holds = map->item[k].what;
	}
	f->mapped = true;
	return true;
}

/* UTF-8 without its mark; UTF-16 with its mark is converted. */
static bool decode(struct arena *a, struct str bytes, struct str *out, struct err *why)
{
	*out = bytes;
	if (str_starts(bytes, STR("\xEF\xBB\xBF")))
		*out = str_skip(bytes, 3);
	else if (str_starts(bytes, STR("\xFF\xFE")))
		*out = utf8_from_utf16(a, bytes, false);
	else if (str_starts(bytes, STR("\xFE\xFF")))
		*out = utf8_from_utf16(a, bytes, true);
	if (out->p == NULL && bytes.n > 0)
		return err_set(why, ERR_LIMIT, 0, "no room for %zu bytes", bytes.n);
	return true;
}

/* The form that the first byte tells; a document that does not parse whole may be lines. */
static bool find_form(struct list_file *f, struct arena *a, struct json **root, struct err *why)
{
	struct str s = str_trim(f->text);

	*root = NULL;
	if (s.n == 0)
		return err_set(why, ERR_INPUT, 0, "empty");
	if (s.p[0] != '{' && s.p[0] != '[') {
		find_delimiter(f, *a);
		return true;
	}
	if (s.n <= LIST_MAX_JSON && json_parse(s, LIST_MAX_JSON, root, NULL)) {
		if (json_is_object(*root) && memchr(s.p, '\n', s.n) == NULL &&
		    json_list(*root, NULL) == NULL && json_get(*root, "list") == NULL)
			f->form = LIST_JSON_LINES;
		else
			f->form = LIST_JSON;
		f->text = s;
		return f->form == LIST_JSON_LINES || json_list(*root, why) != NULL;
	}
	if (s.p[0] == '{') {
		f->form = LIST_JSON_LINES;
		return true;
	}
	find_delimiter(f, *a); /* "[2001:db8::1]" begins with a bracket too */
	return true;
}

static bool find_columns(struct list_file *f, struct arena *a, const struct json *array,
			 const struct list_map *map, enum list_kind kind)
{
	struct tally *tally = calloc(LIST_MAX_COLUMNS, sizeof *tally);

	if (tally == NULL)
		return false;
	f->first = 1;
	if (f->form == LIST_JSON || f->form == LIST_JSON_LINES)
		json_headers(f, a, array);
	else
		find_header(f, a);
	tally_rows(f, a, array, tally);
	if (map == NULL)
		guess_columns(f, *a, tally, kind);
	free(tally);
	return true;
}

/* "IP bắt đầu, IP kết thúc": two columns of addresses that tell ranges together. */
static void find_range(struct list_file *f, struct arena a)
{
	for (size_t i = 0; i + 1 < f->n_columns && f->range == 0; i++)
		if (f->column[i].holds == COL_IP && f->column[i + 1].holds == COL_IP &&
		    headers_range(a, f->column[i].header, f->column[i + 1].header))
			f->range = i + 1;
}

bool list_file_open(struct arena *a, struct str bytes, const struct list_map *map,
		    enum list_kind kind, struct list_file *out, struct err *why)
{
	struct json *root = NULL;
	struct list_file *f = NEW(a, struct list_file, 1);
	bool ok;

	if (bytes.n > LIST_MAX_BYTES)
		return err_set(why, ERR_LIMIT, 0, "longer than %d bytes", LIST_MAX_BYTES);
	if (f == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for %zu bytes", sizeof *f);
	ok = decode(a, bytes, &f->text, why) && find_form(f, a, &root, why);
	if (ok &&
	    !find_columns(f, a, f->form == LIST_JSON ? json_list(root, NULL) : NULL, map, kind))
		ok = err_set(why, ERR_LIMIT, 0, "no room for %zu bytes", sizeof(struct tally));
	json_free(root);
	if (ok && map != NULL)
		ok = apply_map(f, *a, map, why);
	if (ok) {
		find_range(f, *a);
		*out = *f;
	}
	return ok;
}
