/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsonw.c - JSON out: escapes, commas, and U+FFFD for what is not UTF-8.
 *
 * Invariant: what leaves here is valid JSON whatever bytes came in.
 */
#include "base/jsonw.h"

#include "base/num.h"
#include "base/time.h"

#include <math.h>

/* Length of the UTF-8 sequence at s.p[i], or 0 when it is not one (overlong, surrogate, cut). */
static size_t utf8_len(struct str s, size_t i)
{
	const unsigned char *p = (const unsigned char *)s.p + i;
	size_t left = s.n - i, n = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;

	if (p[0] < 0xC2 || p[0] > 0xF4 || n > left)
		return 0;
	for (size_t k = 1; k < n; k++)
		if ((p[k] & 0xC0) != 0x80)
			return 0;
	if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
	    (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
		return 0;
	return n;
}

static void escape(struct buf *out, unsigned char c)
{
	switch (c) {
	case '"':
		buf_add(out, STR("\\\""));
		break;
	case '\\':
		buf_add(out, STR("\\\\"));
		break;
	case '\n':
		buf_add(out, STR("\\n"));
		break;
	case '\r':
		buf_add(out, STR("\\r"));
		break;
	case '\t':
		buf_add(out, STR("\\t"));
		break;
	default:
		buf_printf(out, "\\u%04x", c);
	}
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/* From `i` on, the first byte that is not plain ASCII, or s.n. */
static size_t skip_plain(struct str s, size_t i)
{
	for (; s.n - i >= 8; i += 8) {
		const uint64_t ones = UINT64_C(0x0101010101010101), high = 0x80 * ones;
		uint64_t w = load_le64(s.p + i), q = w ^ ones * '"', e = w ^ ones * '\\';
		uint64_t hit = ((w - ones * 0x20) | (w + ones) | w | (q - ones) | (e - ones)) &
			       high;

		if (hit != 0)
			break;
	}
	while (i < s.n && is_plain((unsigned char)s.p[i]))
		i++;
	return i;
}

static void quoted(struct buf *out, struct str s)
{
	size_t from = 0, i = 0;

	buf_char(out, '"');
	while ((i = skip_plain(s, i)) < s.n) {
		unsigned char c = (unsigned char)s.p[i];
		size_t n = c < 0x80 ? 1 : utf8_len(s, i);

		if (n > 1) {
			i += n;
			continue;
		}
		buf_add(out, str_sub(s, from, i));
		if (n == 0)
			buf_add(out, STR("\xEF\xBF\xBD"));
		else
			escape(out, c);
		from = ++i;
	}
	buf_add(out, str_sub(s, from, s.n));
	buf_char(out, '"');
}

/* Before each value: the comma that parts it from the one before. */
static void value(struct jsonw *w)
{
	if (w->comma)
		buf_char(w->out, ',');
	w->comma = true;
}

void jsonw_open(struct jsonw *w, char bracket)
{
	value(w);
	buf_char(w->out, bracket);
	w->comma = false;
}

void jsonw_close(struct jsonw *w, char bracket)
{
	buf_char(w->out, bracket);
	w->comma = true;
}

void jsonw_key(struct jsonw *w, const char *key)
{
	jsonw_key_str(w, str_of(key));
}

void jsonw_key_str(struct jsonw *w, struct str key)
{
	value(w);
	quoted(w->out, key);
	buf_char(w->out, ':');
	w->comma = false;
}

void jsonw_str(struct jsonw *w, struct str s)
{
	value(w);
	if (s.p == NULL)
		buf_add(w->out, STR("null"));
	else
		quoted(w->out, s);
}

void jsonw_int(struct jsonw *w, int64_t v)
{
	value(w);
	buf_printf(w->out, "%lld", (long long)v);
}

void jsonw_double(struct jsonw *w, double v)
{
	value(w);
	if (isfinite(v))
		buf_printf(w->out, "%.15g", v);
	else
		buf_add(w->out, STR("null"));
}

void jsonw_bool(struct jsonw *w, bool v)
{
	value(w);
	buf_add(w->out, v ? STR("true") : STR("false"));
}

void jsonw_null(struct jsonw *w)
{
	value(w);
	buf_add(w->out, STR("null"));
}

void jsonw_time(struct jsonw *w, int64_t t)
{
	char text[TIME_TEXT_MAX];

	if (t == TIME_NONE)
		jsonw_null(w);
	else
		jsonw_str(w, str_of(time_rfc3339(t, text)));
}

void jsonw_raw(struct jsonw *w, struct str json)
{
	value(w);
	buf_add(w->out, json);
}

void jsonw_kv_str(struct jsonw *w, const char *key, struct str v)
{
	jsonw_key(w, key);
	jsonw_str(w, v);
}

void jsonw_kv_int(struct jsonw *w, const char *key, int64_t v)
{
	jsonw_key(w, key);
	jsonw_int(w, v);
}

void jsonw_kv_known(struct jsonw *w, const char *key, bool known, int64_t v)
{
	jsonw_key(w, key);
	if (known)
		jsonw_int(w, v);
	else
		jsonw_null(w);
}

void jsonw_kv_bool(struct jsonw *w, const char *key, bool v)
{
	jsonw_key(w, key);
	jsonw_bool(w, v);
}

void jsonw_kv_time(struct jsonw *w, const char *key, int64_t t)
{
	jsonw_key(w, key);
	jsonw_time(w, t);
}
