/* SPDX-License-Identifier: Apache-2.0 */
/* frame.c - invariant: *used <= s.n, and > 0 for all but FRAME_MORE. */
#include "ingest/frame.h"

#include "base/num.h"
#include "ingest/chunk.h"

enum { COUNT_DIGITS = 9 };

/* "LEN SP <" at the beginning of `s`: the length of the head, 0 when it is none, SIZE_MAX when more
 * bytes must tell. */
static size_t counted(struct str s, uint64_t *len)
{
	size_t i = 0;

	while (i < s.n && i <= COUNT_DIGITS && ascii_digit(s.p[i]))
		i++;
	if (i == 0 || i > COUNT_DIGITS || s.p[0] == '0')
		return 0;
	if (i == s.n)
		return SIZE_MAX;
	if (s.p[i] != ' ')
		return 0;
	if (i + 1 == s.n)
		return SIZE_MAX;
	if (s.p[i + 1] != '<' || !num_parse(str_sub(s, 0, i), 1, 999999999, len))
		return 0;
	return i + 1;
}

static struct str without_end(struct str s)
{
	while (s.n > 0 && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r' || s.p[s.n - 1] == '\0'))
		s.n--;
	return s;
}

/* `len` bytes of `s` behind a head of `head` bytes. */
static enum frame_kind cut_counted(struct str s, size_t head, uint64_t len, struct str *out,
				   size_t *used)
{
	struct str body = str_sub(str_skip(s, head), 0, (size_t)len);

	*used = head + body.n;
	*out = without_end(body);
	return out->n == 0 ? FRAME_EMPTY : FRAME_RECORD;
}

static enum frame_kind cut_line(struct str s, bool last, struct str *out, size_t *used,
				uint64_t *skip)
{
	size_t end = 0;

	while (end < s.n && s.p[end] != '\n' && s.p[end] != '\0')
		end++;
	if (end > RECORD_MAX) {
		*out = str_sub(s, 0, RECORD_MAX);
		*used = RECORD_MAX;
		*skip = FRAME_TO_NEWLINE;
		return FRAME_CUT;
	}
	if (end == s.n && !last)
		return FRAME_MORE;
	*used = end < s.n ? end + 1 : end;
	*out = without_end(str_sub(s, 0, end));
	return out->n == 0 ? FRAME_EMPTY : FRAME_RECORD;
}

enum frame_kind frame_next(struct str s, bool last, struct str *out, size_t *used, uint64_t *skip)
{
	uint64_t len = 0;
	size_t head;

	if (s.n == 0)
		return FRAME_MORE;
	head = counted(s, &len);
	if (head == SIZE_MAX && !last)
		return FRAME_MORE;
	if (head == 0 || head == SIZE_MAX)
		return cut_line(s, last, out, used, skip);
	if (len > RECORD_MAX && s.n - head >= RECORD_MAX) {
		*out = str_sub(s, head, head + RECORD_MAX);
		*used = head + RECORD_MAX;
		*skip = len - RECORD_MAX;
		return FRAME_CUT;
	}
	if (s.n - head < len && !last)
		return FRAME_MORE;
	return cut_counted(s, head, len, out, used);
}

size_t frame_resync(struct str s)
{
	uint64_t len;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n' || s.p[i] == '\0')
			return i + 1;
		size_t head = ascii_digit(s.p[i]) ? counted(str_skip(s, i), &len) : 0;
		if (head != 0 && head != SIZE_MAX)
			return i;
	}
	return s.n;
}
