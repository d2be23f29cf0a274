/* SPDX-License-Identifier: Apache-2.0 */
/* frame.c - invariant: *used <= s.n, and > 0 for all but FRAME_MORE. */
#include "ingest/frame.h"

#include "base/num.h"
#include "ingest/chunk.h"

enum { COUNT_DIGITS = 8 }; /* of FRAME_COUNT_MAX */

/* "LEN SP <" at the beginning of `s`, LEN of at most `digits` digits: the length of the head, 0 when it
 * is none, SIZE_MAX when more bytes must tell. RFC 5425: MSG-LEN = NONZERO-DIGIT *DIGIT */
static size_t head_of(struct str s, size_t digits)
{
	size_t i = 0;

	while (i < s.n && i <= digits && ascii_digit(s.p[i]))
		i++;
	if (i == 0 || i > digits || s.p[0] == '0')
		return 0;
	if (i == s.n)
		return SIZE_MAX;
	if (s.p[i] != ' ')
		return 0;
	if (i + 1 == s.n)
		return SIZE_MAX;
	return s.p[i + 1] == '<' ? i + 1 : 0;
}

static size_t counted(struct str s, uint64_t *len)
{
	size_t head = head_of(s, COUNT_DIGITS);

	if (head == 0 || head == SIZE_MAX)
		return head;
	return num_parse(str_sub(s, 0, head - 1), 1, FRAME_COUNT_MAX, len) ? head : 0;
}

static struct str without_end(struct str s)
{
	while (s.n > 0 && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r' || s.p[s.n - 1] == '\0'))
		s.n--;
	return s;
}

/* `len` bytes of `s` behind a head of `head` bytes, or as many as came. */
static enum frame_kind cut_counted(struct str s, size_t head, uint64_t len, struct str *out,
				   size_t *used)
{
	struct str body = str_sub(str_skip(s, head), 0, (size_t)len);

	*used = head + body.n;
	*out = without_end(body);
	if (out->n == 0)
		return FRAME_EMPTY;
	return body.n < len ? FRAME_CUT : FRAME_RECORD;
}

static enum frame_kind cut_line(struct str s, enum frame_end how, struct str *out, size_t *used,
				uint64_t *skip)
{
	size_t end = 0;

	while (end < s.n && s.p[end] != '\n' && s.p[end] != '\0')
		end++;
	if (end > RECORD_MAX) {
		*out = str_sub(s, 0, RECORD_MAX);
		*used = RECORD_MAX;
		/* behind a count that was not believed there may be no newline for long */
		*skip = head_of(s, RECORD_MAX) == 0 ? FRAME_TO_NEWLINE : FRAME_TO_FRAME;
		return FRAME_LONG;
	}
	if (end == s.n && how == FRAME_GOES_ON)
		return FRAME_MORE;
	*used = end < s.n ? end + 1 : end;
	*out = without_end(str_sub(s, 0, end));
	if (out->n == 0)
		return FRAME_EMPTY;
	return end == s.n && how == FRAME_BROKEN ? FRAME_CUT : FRAME_RECORD;
}

enum frame_kind frame_next(struct str s, enum frame_end end, struct str *out, size_t *used,
			   uint64_t *skip)
{
	uint64_t len = 0;
	size_t head;

	if (s.n == 0)
		return FRAME_MORE;
	head = counted(s, &len);
	if (head == SIZE_MAX && end == FRAME_GOES_ON)
		return FRAME_MORE;
	if (head == 0 || head == SIZE_MAX)
		return cut_line(s, end, out, used, skip);
	if (len > RECORD_MAX && s.n - head >= RECORD_MAX) {
		*out = str_sub(s, head, head + RECORD_MAX);
		*used = head + RECORD_MAX;
		*skip = len - RECORD_MAX;
		return FRAME_LONG;
	}
	if (s.n - head < len && end == FRAME_GOES_ON)
		return FRAME_MORE;
	return cut_counted(s, head, len, out, used);
}

/* Up to behind a newline or to "LEN SP <", whichever comes first. */
static size_t to_frame(uint64_t *skip, struct str s, enum frame_end end)
{
	uint64_t len;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n' || s.p[i] == '\0') {
			*skip = 0;
			return i + 1;
		}
		size_t head = ascii_digit(s.p[i]) ? counted(str_skip(s, i), &len) : 0;
		if (head == SIZE_MAX && end == FRAME_GOES_ON)
			return i;
		if (head != 0 && head != SIZE_MAX) {
			*skip = 0;
			return i;
		}
	}
	return s.n;
}

size_t frame_rest(uint64_t *skip, struct str s, enum frame_end end)
{
	size_t n;

	if (*skip == FRAME_TO_FRAME)
		return to_frame(skip, s, end);
	if (*skip == FRAME_TO_NEWLINE) {
		n = str_find_char(s, '\n');
		if (n == s.n)
			return n;
		*skip = 0;
		return n + 1;
	}
	n = *skip < s.n ? (size_t)*skip : s.n;
	*skip -= n;
	return n;
}

size_t frame_fill(struct str s, enum frame_end end, uint64_t *skip, struct chunk *c)
{
	size_t at = frame_rest(skip, s, end);

	while (*skip == 0 && at < s.n) {
		struct str out;
		size_t used;
		uint64_t rest = 0;
		enum frame_kind k = frame_next(str_skip(s, at), end, &out, &used, &rest);

		if (k == FRAME_MORE || (k != FRAME_EMPTY && !chunk_add(c, out)))
			break;
		at += used;
		if (k == FRAME_CUT || k == FRAME_LONG)
			chunk_cut(c);
		if (k != FRAME_LONG)
			continue;
		c->dropped[DROP_TOO_LONG]++;
		*skip = rest;
		at += frame_rest(skip, str_skip(s, at), end);
	}
	return at;
}
