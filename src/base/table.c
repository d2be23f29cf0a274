/* SPDX-License-Identifier: Apache-2.0 */
#include "base/table.h"

#include "base/utf8.h"

bool table_text(struct arena *a, struct str *text, struct err *why)
{
	enum wide wide = utf16_told(str_sub(*text, 0, 16));

	if (wide != WIDE_NONE)
		*text = utf8_from_utf16(a, *text, wide == WIDE_BE);
	if (str_starts(*text, STR("\xef\xbb\xbf")))
		*text = str_skip(*text, 3);
	return (text->p != NULL && utf8_valid(*text)) ||
	       err_set(why, ERR_INPUT, 1, "not UTF-8: save the file as CSV UTF-8");
}

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

void table_begin(struct table *t, struct str text)
{
	*t = (struct table){ .text = text, .next = 1, .sep = separator(text) };
}

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
	if (at < text.n && text.p[at] == '\r') /* one within a line is a byte like others */
		at += at + 1 == text.n || text.p[at + 1] == '\n';
	return at >= text.n || text.p[at] == sep || text.p[at] == '\n';
}

/* Past the end of the line that could not be read. */
static void skip_line(struct table *t)
{
	struct str rest = str_skip(t->text, t->at);
	size_t n = str_find_char(rest, '\n');

	t->at += n < rest.n ? n + 1 : n;
	t->next++;
}

static bool take_cell(struct arena *a, struct table *t, struct str *out)
{
	if (t->at < t->text.n && t->text.p[t->at] == '"') {
		struct arena before = *a;

		if (!take_quoted(a, t->text, &t->at, &t->next, out)) {
			*a = before;
			return false;
		}
		return cell_ends(t->text, t->at, t->sep);
	}
	size_t from = t->at;
	while (!cell_ends(t->text, t->at, t->sep))
		t->at++;
	*out = str_sub(t->text, from, t->at);
	return true;
}

bool table_more(const struct table *t)
{
	return t->at < t->text.n;
}

bool table_next(struct table *t, struct arena *a, struct table_row *out, struct err *why)
{
	size_t begin = t->at;

	out->n = 0;
	t->line = t->next;
	for (;;) {
		struct str cell;

		if (out->n == TABLE_CELLS || !take_cell(a, t, &cell)) {
			t->at = begin;
			t->next = t->line;
			skip_line(t);
			return err_set(
				why, ERR_INPUT, 0,
				"not lines of cells: a quote is not closed, or there are too many cells");
		}
		out->cell[out->n++] = str_trim(cell);
		if (t->at >= t->text.n || t->text.p[t->at] != t->sep)
			break;
		t->at++;
	}
	skip_line(t);
	return true;
}

bool table_row_empty(const struct table_row *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->cell[i].n > 0)
			return false;
	return true;
}

bool table_cell_nothing(struct str s)
{
	static const struct str nothing[] = { STR("-"),     STR("--"),   STR("n/a"), STR("na"),
					      STR("null"),  STR("none"), STR("nan"), STR("?"),
					      STR("không"), STR("khong") };

	enum { LONGEST = sizeof "không" - 1 };

	s = str_trim(s);
	if (s.n > LONGEST)
		return false;
	for (size_t i = 0; i < COUNT(nothing); i++)
		if (str_eq_nocase(s, nothing[i]))
			return true;
	return s.n == 0;
}
