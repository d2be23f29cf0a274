/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cef.c - seven parts between pipes, then pairs whose values reach to the next key.
 *
 * Invariant: positions only grow and never pass the end of the view they index.
 */
#include "event/cef.h"

static bool key_char(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '_' || c == '.' || c == '-' || c == '[' ||
	       c == ']';
}

/* A backslash and the byte behind it to what they stand for. */
static struct str unescape(struct build *b, struct str s)
{
	size_t n = 0;
	char *out;

	if (s.n == 0 || memchr(s.p, '\\', s.n) == NULL)
		return s;
	out = arena_bytes(b->a, s.n);
	if (out == NULL) {
		b->ev.partial = true;
		return s;
	}
	for (size_t i = 0; i < s.n; i++) {
		char next = i + 1 < s.n ? s.p[i + 1] : '\0';

		if (s.p[i] == '\\' && next != '\0' && strchr("\\|=nr", next) != NULL) {
			out[n++] = (char)(next == 'n' ? '\n' : next == 'r' ? '\r' : next);
			i++;
		} else {
			out[n++] = s.p[i];
		}
	}
	return (struct str){ out, n };
}

/* The part before the next pipe that is not escaped. */
static bool take_part(struct str s, size_t *at, struct str *out)
{
	size_t i = *at;

	while (i < s.n && s.p[i] != '|')
		i += s.p[i] == '\\' ? 2 : 1;
	if (i >= s.n)
		return false;
	*out = str_sub(s, *at, i);
	*at = i + 1;
	return true;
}

/* The next `key=` at or behind `from`, at the beginning of a word; *key its name. */
static size_t next_key(struct str s, size_t from, struct str *key)
{
	for (size_t i = from; i < s.n;) {
		size_t end = i;

		while (end < s.n && key_char(s.p[end]))
			end++;
		if (end > i && end < s.n && s.p[end] == '=') {
			*key = str_sub(s, i, end);
			return i;
		}
		/* to the word behind the next blank; an escaped '=' is none */
		while (end < s.n && s.p[end] != ' ' && s.p[end] != '\t')
			end++;
		i = end + 1;
	}
	return s.n;
}

void cef_extension(struct build *b, struct str ext)
{
	struct str key = { NULL, 0 }, next = { NULL, 0 };
	size_t at = next_key(ext, 0, &key);

	while (at < ext.n) {
		size_t val = at + key.n + 1, end = next_key(ext, val, &next);

		/* A value that begins like a pair ("request=a=b") is still a value. */
		if (end == val)
			end = next_key(ext, val + next.n + 1, &next);
		struct str text = str_trim(str_sub(ext, val, end));
		build_add(b, key, unescape(b, text));
		at = end;
		key = next;
	}
}

bool cef_read(struct build *b, struct str record, struct err *why)
{
	static const struct str names[] = {
		STR("cefVersion"),    STR("deviceVendor"),       STR("deviceProduct"),
		STR("deviceVersion"), STR("deviceEventClassId"), STR("name"),
		STR("severity")
	};
	size_t at = 4;
	struct str part;

	if (!str_starts(record, STR("CEF:")))
		return err_set(why, ERR_INPUT, 0, "expected CEF:");
	for (size_t i = 0; i < COUNT(names); i++) {
		if (!take_part(record, &at, &part)) {
			/* Without an extension the last pipe may be missing. */
			if (i + 1 < COUNT(names))
				return err_set(why, ERR_INPUT, at, "incomplete CEF header");
			part = str_skip(record, at);
			at = record.n;
		}
		build_add(b, names[i], unescape(b, str_trim(part)));
	}
	cef_extension(b, str_skip(record, at));
	return true;
}

int cef_probe(struct str record)
{
	return record.n > 5 && str_starts(record, STR("CEF:")) && ascii_digit(record.p[4]) ? 100
											   : 0;
}
