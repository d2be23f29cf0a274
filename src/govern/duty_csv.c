/* SPDX-License-Identifier: Apache-2.0 */
#include "govern/duty_csv.h"

#include "base/num.h"
#include "base/table.h"
#include "base/utf8.h"
#include "state/contact_row.h"

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

/* --- columns --- */

static bool read_header(struct arena *a, const struct table_row *r, int column[COLUMNS],
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

static bool read_row(struct arena *a, const struct table_row *r, const int column[COLUMNS],
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

bool duty_csv_read(struct arena *a, struct str text, const struct duty_sink *sink, struct err *why)
{
	int column[COLUMNS];
	struct table_row r;
	struct table t;
	size_t rows = 0;

	if (text.n > DUTY_CSV_MAX)
		return err_set(why, ERR_LIMIT, 0, "longer than %d bytes", DUTY_CSV_MAX);
	if (!table_text(a, &text, why))
		return false;
	table_begin(&t, text);
	if (!table_next(&t, a, &r, why) || !read_header(a, &r, column, why)) {
		if (why != NULL)
			why->at = 1;
		return false;
	}
	while (table_more(&t)) {
		struct duty_row row = { .line = t.next };
		struct err reason = { 0 };

		if (table_next(&t, a, &r, &reason) && table_row_empty(&r))
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
