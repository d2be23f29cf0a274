/* SPDX-License-Identifier: Apache-2.0 */
/* cells.c - invariant: positions only grow; a cell never reaches over the record it was cut from. */
#include "event/cells.h"

#include "event/syslog.h"

/* Where the cell that a quote opens at s.p[0] closes, or s.n. */
static size_t closing(struct str s, char sep, bool *doubled)
{
	for (size_t i = 1; i < s.n; i++) {
		size_t hop = str_find_char(str_skip(s, i), '"');

		i += hop;
		if (i >= s.n)
			break;
		if (i + 1 < s.n && s.p[i + 1] == '"') {
			*doubled = true;
			i++;
		} else if (i + 1 == s.n || s.p[i + 1] == sep) {
			return i;
		}
	}
	return s.n;
}

bool cells_next(struct str *rest, char sep, struct cell *out)
{
	size_t end;

	if (rest->p == NULL)
		return false;
	*out = (struct cell){ .quoted = false };
	if (rest->n > 0 && rest->p[0] == '"') {
		end = closing(*rest, sep, &out->doubled);
		if (end < rest->n) {
			out->quoted = true;
			out->text = str_sub(*rest, 1, end);
			*rest = end + 1 < rest->n ? str_skip(*rest, end + 2)
						  : (struct str){ NULL, 0 };
			return true;
		}
		out->doubled = false;
	}
	return str_split(rest, sep, &out->text);
}

size_t cells_count(struct str record, char sep, size_t max)
{
	struct cell c;
	size_t n = 0;

	while (n < max && cells_next(&record, sep, &c))
		n++;
	return n;
}

struct str cell_text(struct arena *a, const struct cell *c)
{
	char *out = c->doubled ? arena_bytes(a, c->text.n) : NULL;
	size_t n = 0;

	if (out == NULL)
		return c->text;
	for (size_t i = 0; i < c->text.n; i++) {
		out[n++] = c->text.p[i];
		if (c->text.p[i] == '"' && i + 1 < c->text.n && c->text.p[i + 1] == '"')
			i++;
	}
	return (struct str){ out, n };
}

/* --- records over lines --- */

static bool odd_quotes(struct str line)
{
	size_t n = 0;

	while (line.n > 0) {
		size_t at = str_find_char(line, '"');

		n += at < line.n;
		line = str_skip(line, at + 1);
	}
	return n % 2 == 1;
}

static bool line_ends(struct str s, size_t at)
{
	return at == s.n || s.p[at] == '\n' ||
	       (s.p[at] == '\r' && (at + 1 == s.n || s.p[at + 1] == '\n'));
}

/* The line end at or behind `from` at which no cell is open, or s.n; *commas: separators before the
 * first cell that is open at a line end; *open: one is at the end of `s`. */
static size_t record_end(struct str s, char sep, size_t *seps, bool *open)
{
	bool in = false, start = true;
	size_t i;

	*seps = 0;
	for (i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (in && c == '"' && i + 1 < s.n && s.p[i + 1] == '"') {
			i++;
		} else if (in && c == '"') {
			in = !(line_ends(s, i + 1) || s.p[i + 1] == sep);
		} else if (!in && c == '\n') {
			break;
		} else if (!in) {
			in = start && c == '"';
			start = c == sep;
			*seps += start;
		}
	}
	*open = in;
	return i;
}

static char kind(char c)
{
	return ascii_digit(c) ? '0' : ascii_alpha(c) || (unsigned char)c >= 0x80 ? 'a' : c;
}

/* Does `line` begin as the record does: the same cell, or a number or time of the same form? */
static bool begins_alike(struct str record, struct str line, char sep)
{
	struct str first = str_sub(record, 0, str_find_char(record, sep) + 1);
	bool digit = false;
	size_t i = 0;

	if (str_starts(line, first))
		return true;
	for (; i < 10 && i < record.n && i < line.n && kind(record.p[i]) == kind(line.p[i]); i++)
		digit = digit || ascii_digit(line.p[i]);
	return digit && (i == 10 || i >= first.n);
}

/* Every line of `record` behind the first is none of its own. */
static bool one_record(struct str record, char sep)
{
	struct str rest = record, line;
	size_t n = 0;

	while (str_line(&rest, &line))
		if (n++ > 0 && (n > CELLS_SPAN_LINES || begins_alike(record, line, sep) ||
				syslog_probe(line) >= 60))
			return false;
	return true;
}

enum cells_extent cells_extent(struct str text, bool last, size_t *end)
{
	static const char separators[] = { ',', ';', '\t' };
	struct str s = str_sub(text, 0, CELLS_SPAN_MAX),
		   line = str_sub(s, 0, str_find_char(s, '\n'));
	bool more = false;

	if (line.n == s.n || line.n == 0 || line.p[0] == '<' || !odd_quotes(line) ||
	    syslog_probe(line) >= 60)
		return CELLS_NONE;
	for (size_t i = 0; i < COUNT(separators); i++) {
		size_t seps, before, to;
		bool open;

		record_end(line, separators[i], &before, &open);
		/* PowerShell quotes every cell, so the first may go on */
		if (!open || (before < 2 && line.p[0] != '"'))
			continue;
		to = record_end(s, separators[i], &seps, &open);
		if (!one_record(str_sub(s, 0, to), separators[i]))
			continue;
		if (!open && seps >= 2 && (to < s.n || last)) {
			*end = to;
			return CELLS_WHOLE;
		}
		/* what ends with the bytes that are there may go on */
		more = more || ((open || to == s.n) && s.n == text.n && !last);
	}
	return more ? CELLS_MORE : CELLS_NONE;
}
