/* SPDX-License-Identifier: Apache-2.0 */
/* text_time.c - times at the beginning of a text, those of event/stamp.h and a few odd ones. */
#include "event/stamp.h"
#include "event/text_int.h"

#include <stdio.h>

enum { CLOCK_LEN = 8 };

/* "hh:mm:ss" or " h:mm:ss" */
static bool is_clock(struct str s)
{
	for (size_t i = 0; i < CLOCK_LEN; i++) {
		bool colon = i == 2 || i == 5;

		if (i >= s.n ||
		    (colon ? s.p[i] != ':' : !ascii_digit(s.p[i]) && (i != 0 || s.p[i] != ' ')))
			return false;
	}
	return true;
}

static bool digits(struct str s, size_t from, size_t n)
{
	for (size_t i = from; i < from + n; i++)
		if (i >= s.n || !ascii_digit(s.p[i]))
			return false;
	return true;
}

/* The date at the front as "yyyy-mm-dd"; how many bytes it took, 0 for none. */
static size_t odd_date(struct str s, char out[11])
{
	int month;

	if (digits(s, 0, 6) && s.n > 6 && s.p[6] == ' ') { /* MySQL 5: yymmdd */
		snprintf(out, 11, "20%.2s-%.2s-%.2s", s.p, s.p + 2, s.p + 4);
		return 6;
	}
	if (digits(s, 0, 4) && digits(s, 5, 2) && digits(s, 8, 2) && s.p[4] == '-' &&
	    s.p[7] == '-') {
		snprintf(out, 11, "%.10s", s.p);
		return 10;
	}
	month = month_of(str_sub(s, 3, 6));
	if (digits(s, 0, 2) && s.n > 11 && s.p[2] == '-' && month > 0 && s.p[6] == '-' &&
	    digits(s, 7, 4)) {
		snprintf(out, 11, "%.4s-%02d-%.2s", s.p + 7, month % 13, s.p); /* BIND */
		return 11;
	}
	return 0;
}

/* "yyyymmdd hhmmss" (Sophos) */
static size_t packed_stamp(struct str s, const struct stamp_at *at, int64_t *out)
{
	char text[32];

	if (!digits(s, 0, 8) || s.p[8] != ' ' || !digits(s, 9, 6))
		return 0;
	snprintf(text, sizeof text, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s", s.p, s.p + 4, s.p + 6, s.p + 9,
		 s.p + 11, s.p + 13);
	return stamp_iso(str_of(text), at, out) > 0 ? 15 : 0;
}

static size_t odd_stamp(struct str s, const struct stamp_at *at, int64_t *out)
{
	char text[48], date[11] = "";
	size_t n = odd_date(s, date), end;

	if (n == 0 || n >= s.n || s.p[n] != ' ' || !is_clock(str_skip(s, n + 1)))
		return 0;
	end = n + 1 + CLOCK_LEN;
	if (end + 1 < s.n && s.p[end] == '.' && ascii_digit(s.p[end + 1]))
		for (end++; end < s.n && end < n + 18 && ascii_digit(s.p[end]);)
			end++;
	snprintf(text, sizeof text, "%s %c%.*s", date, s.p[n + 1] == ' ' ? '0' : s.p[n + 1],
		 (int)(end - n - 2), s.p + n + 2);
	return stamp_iso(str_of(text), at, out) > 0 ? end : 0;
}

size_t text_stamp(const struct build *b, struct str s, int64_t *out)
{
	struct stamp_at at = { b->zone, b->now };
	size_t open = s.n > 0 && s.p[0] == '[', n;

	s = str_skip(s, open);
	if (s.n < 15)
		return 0;
	n = stamp_any(s, &at, out);
	if (n == 0)
		n = odd_stamp(s, &at, out);
	if (n == 0)
		n = packed_stamp(s, &at, out);
	if (n == 0 || n >= s.n || (open && s.p[n] != ']'))
		return 0;
	at.zone = NULL;
	if (!open && (str_starts(str_skip(s, n), STR(" UTC ")) ||
		      str_starts(str_skip(s, n), STR(" GMT ")))) {
		if (stamp_any(str_sub(s, 0, n), &at, out) > 0)
			n += 4;
	}
	n += open;
	if (!open && s.p[n] == ':')
		n++;
	s = str_skip(s, n);
	n += open;
	if (s.p[0] != ' ' && s.p[0] != '\t')
		return 0;
	for (size_t i = 0; i < s.n && ascii_space(s.p[i]); i++)
		n++;
	return n;
}
