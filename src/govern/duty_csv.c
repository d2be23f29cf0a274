/* SPDX-License-Identifier: Apache-2.0 */
#include "govern/duty_csv.h"

#include "base/num.h"
#include "base/utf8.h"
#include "state/contact_row.h"

enum { CELLS_MAX = 32 };
#define VIETNAM (7 * TIME_HOUR)

enum column { C_FROM, C_TO, C_NAME, C_POST, C_PHONE, C_EMAIL, C_NOTE, COLUMNS };

/* Without marks, in small letters. */
static const struct {
	enum column column;
	struct str name;
} headers[] = {
	{ C_FROM, STR("from") },        { C_FROM, STR("tu") },
	{ C_FROM, STR("bat dau") },     { C_FROM, STR("begin") },
	{ C_FROM, STR("start") },       { C_TO, STR("to") },
	{ C_TO, STR("den") },           { C_TO, STR("ket thuc") },
	{ C_TO, STR("end") },           { C_NAME, STR("name") },
	{ C_NAME, STR("ho ten") },      { C_NAME, STR("ho va ten") },
	{ C_NAME, STR("nguoi truc") },  { C_NAME, STR("person") },
	{ C_POST, STR("post") },        { C_POST, STR("vi tri") },
	{ C_POST, STR("vai tro") },     { C_PHONE, STR("phone") },
	{ C_PHONE, STR("dien thoai") }, { C_PHONE, STR("so dien thoai") },
	{ C_PHONE, STR("sdt") },        { C_EMAIL, STR("email") },
	{ C_EMAIL, STR("e-mail") },     { C_EMAIL, STR("thu dien tu") },
	{ C_NOTE, STR("note") },        { C_NOTE, STR("ghi chu") },
};
static const struct {
	enum post post;
	struct str name;
} post_words[] = {
	{ POST_WATCH, STR("") },
	{ POST_WATCH, STR("watch") },
	{ POST_WATCH, STR("truc") },
	{ POST_WATCH, STR("truc chinh") },
	{ POST_WATCH, STR("truc ban") },
	{ POST_WATCH, STR("chinh") },
	{ POST_SECOND, STR("second") },
	{ POST_SECOND, STR("truc phu") },
	{ POST_SECOND, STR("phu") },
	{ POST_LEAD, STR("lead") },
	{ POST_LEAD, STR("lanh dao") },
	{ POST_LEAD, STR("lanh dao truc") },
	{ POST_LEAD, STR("truong ca") },
	{ POST_WATCH, STR("truc canh") },
	{ POST_LEAD, STR("truc lanh dao") },
};

/* --- times --- */

/* The number before the next `sep` (0: up to the end of the digits), at most 4 digits. */
static bool take_number(struct str *s, char sep, uint64_t max, int *out)
{
	size_t n = 0;
	uint64_t v;

	while (n < s->n && n < 4 && ascii_digit(s->p[n]))
		n++;
	if (!num_parse(str_sub(*s, 0, n), 0, max, &v))
		return false;
	*s = str_skip(*s, n);
	if (sep != '\0') {
		if (s->n == 0 || s->p[0] != sep)
			return false;
		*s = str_skip(*s, 1);
	}
	*out = (int)v;
	return true;
}

static bool take_day(struct str *s, struct civil *c)
{
	size_t n = 0;

	while (n < s->n && ascii_digit(s->p[n]))
		n++;
	if (n == 4)
		return take_number(s, '-', 9999, &c->year) && take_number(s, '-', 12, &c->month) &&
		       take_number(s, '\0', 31, &c->day);
	char sep = n < s->n && s->p[n] == '-' ? '-' : '/';
	return take_number(s, sep, 31, &c->day) && take_number(s, sep, 12, &c->month) &&
	       take_number(s, '\0', 9999, &c->year);
}

bool duty_time_parse(struct str s, int64_t *out)
{
	struct civil c = { .year = 0 };
	int64_t t;
	bool zone;

	s = str_trim(s);
	if (time_parse_rfc3339(s, &t, &zone) && zone) {
		*out = t;
		return true;
	}
	if (!take_day(&s, &c) || s.n == 0 || (s.p[0] != ' ' && s.p[0] != 'T'))
		return false;
	s = str_trim(str_skip(s, 1));
	if (!take_number(&s, ':', 24, &c.hour) || !take_number(&s, '\0', 59, &c.minute))
		return false;
	if (s.n > 0 && s.p[0] == ':') {
		s = str_skip(s, 1);
		if (!take_number(&s, '\0', 59, &c.second))
			return false;
	}
	bool midnight = c.hour == 24 && c.minute == 0 && c.second == 0;
	if (midnight)
		c.hour = 0;
	if (s.n > 0 || !civil_valid(&c))
		return false;
	*out = time_from_civil(&c) - VIETNAM + (midnight ? TIME_DAY : 0);
	return true;
}

/* --- cells --- */

/* One record of the text; a quoted cell may hold line ends. */
struct record {
	struct str cell[CELLS_MAX];
	size_t n;
};

/* Where the quoted cell that begins at `at` is closed; text.n: nowhere. */
static size_t quote_end(struct str text, size_t at)
{
	size_t i = at + 1;

	while (i < text.n && (text.p[i] != '"' || (i + 1 < text.n && text.p[i + 1] == '"')))
		i += text.p[i] == '"' ? 2 : 1;
	return i < text.n ? i : text.n;
}

/* Its text with doubled quotes made single in `a`; *at stands behind the closing one. */
static bool take_quoted(struct arena *a, struct str text, size_t *at, uint64_t *lines,
			struct str *out)
{
	size_t end = quote_end(text, *at), n = 0;
	char *p = end < text.n ? arena_bytes(a, end - *at) : NULL;

	if (p == NULL)
		return false;
	for (size_t i = *at + 1; i < end; i++) {
		i += text.p[i] == '"';
		*lines += text.p[i] == '\n';
		p[n++] = text.p[i];
	}
	*at = end + 1;
	*out = (struct str){ p, n };
	return true;
}

static bool cell_ends(struct str text, size_t at, char sep)
{
	return at >= text.n || text.p[at] == sep || text.p[at] == '\n' || text.p[at] == '\r';
}

struct csv {
	struct str text;
	size_t at;
	uint64_t line, next_line;
	char sep;
};

/* Past the end of the line that could not be read. */
static void skip_line(struct csv *c)
{
	struct str rest = str_skip(c->text, c->at);
	size_t n = str_find_char(rest, '\n');

	c->at += n < rest.n ? n + 1 : n;
	c->next_line++;
}

static bool take_cell(struct arena *a, struct csv *c, struct str *out)
{
	if (c->at < c->text.n && c->text.p[c->at] == '"') {
		struct arena before = *a;

		if (!take_quoted(a, c->text, &c->at, &c->next_line, out)) {
			*a = before;
			return false;
		}
		return cell_ends(c->text, c->at, c->sep);
	}
	size_t from = c->at;
	while (!cell_ends(c->text, c->at, c->sep))
		c->at++;
	*out = str_sub(c->text, from, c->at);
	return true;
}

/* False: the record cannot be read; it was passed over. */
static bool take_record(struct arena *a, struct csv *c, struct record *out, struct err *why)
{
	out->n = 0;
	c->line = c->next_line;
	for (;;) {
		struct str cell;
		size_t begin = c->at;

		if (out->n == CELLS_MAX || !take_cell(a, c, &cell)) {
			c->at = begin;
			c->next_line = c->line;
			skip_line(c);
			return err_set(
				why, ERR_INPUT, 0,
				"not lines of cells: a quote is not closed, or there are too many cells");
		}
		out->cell[out->n++] = str_trim(cell);
		if (c->at >= c->text.n || c->text.p[c->at] != c->sep)
			break;
		c->at++;
	}
	skip_line(c);
	return true;
}

/* --- columns --- */

static char separator(struct str text)
{
	static const char seps[] = { ',', ';', '\t' };
	size_t best = 0, counts[COUNT(seps)] = { 0 };

	for (size_t i = 0; i < text.n && text.p[i] != '\n'; i++)
		for (size_t k = 0; k < COUNT(seps); k++)
			counts[k] += text.p[i] == seps[k];
	for (size_t k = 1; k < COUNT(seps); k++)
		if (counts[k] > counts[best])
			best = k;
	return seps[best];
}

static bool read_header(struct arena *a, const struct record *r, int column[COLUMNS],
			struct err *why)
{
	static const char *const needed[] = { [C_FROM] = "from", [C_TO] = "to", [C_NAME] = "name" };

	for (size_t i = 0; i < COLUMNS; i++)
		column[i] = -1;
	for (size_t i = 0; i < r->n; i++) {
		struct arena scratch = *a;
		struct str name = utf8_fold_search(&scratch, r->cell[i]);

		for (size_t k = 0; k < COUNT(headers); k++)
			if (str_eq(name, headers[k].name) && column[headers[k].column] == -1)
				column[headers[k].column] = (int)i;
	}
	for (size_t i = 0; i < COUNT(needed); i++)
		if (column[i] == -1)
			return err_set(why, ERR_INPUT, 1, "the first line names no column '%s'",
				       needed[i]);
	return true;
}

static bool read_post(struct arena scratch, struct str s, enum post *out, struct err *why)
{
	struct str name = utf8_fold_search(&scratch, s);

	for (size_t i = 0; i < COUNT(post_words); i++) {
		if (!str_eq(name, post_words[i].name))
			continue;
		*out = post_words[i].post;
		return true;
	}
	return err_set(why, ERR_INPUT, 0, "'%.*s' is no post: watch, second or lead", STR_ARG(s));
}

static bool read_time(struct str s, int64_t *out, struct err *why)
{
	return duty_time_parse(s, out) ||
	       err_set(why, ERR_INPUT, 0, "'%.*s' is no time like 2026-11-23 07:00", STR_ARG(s));
}

static bool read_row(struct arena *a, const struct record *r, const int column[COLUMNS],
		     struct duty_row *out, struct err *why)
{
	struct str cell[COLUMNS];

	for (size_t i = 0; i < COLUMNS; i++)
		cell[i] = column[i] >= 0 && (size_t)column[i] < r->n ? r->cell[column[i]] : STR("");
	out->name = cell[C_NAME];
	out->phone = cell[C_PHONE];
	out->email = cell[C_EMAIL];
	out->note = cell[C_NOTE];
	if (!read_time(cell[C_FROM], &out->from, why) || !read_time(cell[C_TO], &out->to, why) ||
	    !shift_times_check(out->from, out->to, why) ||
	    !read_post(*a, cell[C_POST], &out->post, why) || !contact_name_check(out->name, why) ||
	    !contact_phone_check(out->phone, why) || !contact_email_check(out->email, why))
		return false;
	return out->note.n <= SHIFT_NOTE_MAX ||
	       err_set(why, ERR_INPUT, 0, "longer than %d bytes", SHIFT_NOTE_MAX);
}

static bool empty(const struct record *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->cell[i].n > 0)
			return false;
	return true;
}

/* UTF-8 without its mark. */
static bool as_utf8(struct arena *a, struct str *text, struct err *why)
{
	enum wide wide = utf16_told(str_sub(*text, 0, 16));

	if (wide != WIDE_NONE)
		*text = utf8_from_utf16(a, *text, wide == WIDE_BE);
	if (str_starts(*text, STR("\xef\xbb\xbf")))
		*text = str_skip(*text, 3);
	return (text->p != NULL && utf8_valid(*text)) ||
	       err_set(why, ERR_INPUT, 1, "not UTF-8: save the file as CSV UTF-8");
}

bool duty_csv_read(struct arena *a, struct str text, const struct duty_sink *sink, struct err *why)
{
	struct csv c = { .next_line = 1 };
	int column[COLUMNS];
	struct record r;
	size_t rows = 0;

	if (text.n > DUTY_CSV_MAX)
		return err_set(why, ERR_LIMIT, 0, "longer than %d bytes", DUTY_CSV_MAX);
	if (!as_utf8(a, &text, why))
		return false;
	c.text = text;
	c.sep = separator(text);
	if (!take_record(a, &c, &r, why) || !read_header(a, &r, column, why)) {
		if (why != NULL)
			why->at = 1;
		return false;
	}
	while (c.at < c.text.n) {
		struct duty_row row = { .line = c.next_line };
		struct err reason = { 0 };

		if (take_record(a, &c, &r, &reason) && empty(&r))
			continue;
		if (reason.kind == ERR_NONE && rows++ == DUTY_CSV_ROWS)
			return err_set(why, ERR_LIMIT, row.line, "more than %d lines",
				       DUTY_CSV_ROWS);
		if (reason.kind == ERR_NONE && read_row(a, &r, column, &row, &reason))
			sink->row(sink->ctx, &row);
		else
			sink->bad(sink->ctx, row.line, &reason);
	}
	return true;
}
