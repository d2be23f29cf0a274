/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kv.c - a scanner that alternates between keys and values.
 *
 * Invariant: `at` only grows and never passes text.n, so every loop ends and no read leaves it.
 */
#include "event/kv.h"

#include "event/stamp.h"

static bool key_char(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '_' || c == '-' || c == '.' || c == '/' ||
	       c == '@' || c == ':';
}

/* The length of the key at `at` when '=' stands behind it, else 0. */
static size_t key_len(struct str text, size_t at)
{
	size_t i = at;

	while (i < text.n && i - at < 128 && key_char(text.p[i]))
		i++;
	return i > at && i < text.n && text.p[i] == '=' ? i - at : 0;
}

static bool blank(char c, char sep)
{
	return c == ' ' || c == '\t' || (sep != ' ' && c == sep);
}

static size_t skip_blanks(struct str text, size_t at, char sep)
{
	while (at < text.n && blank(text.p[at], sep))
		at++;
	return at;
}

/* Behind the opening quote: the value up to the closing one, or to the end where there is none. */
static struct str quoted(struct str text, size_t *at, bool *escaped)
{
	size_t from = *at, i = from;

	while (i < text.n && text.p[i] != '"') {
		if (text.p[i] == '\\' && i + 1 < text.n) {
			*escaped = *escaped || text.p[i + 1] == '"';
			i++;
		}
		i++;
	}
	*at = i < text.n ? i + 1 : text.n;
	return str_sub(text, from, i);
}

/* A word of capitals: the flags of netfilter (SYN, DF) stand without a value. */
static bool is_flag(struct str w)
{
	for (size_t i = 0; i < w.n; i++)
		if (w.p[i] < 'A' || w.p[i] > 'Z')
			return false;
	return w.n >= 2;
}

static size_t word_end(struct str text, size_t at, char sep)
{
	while (at < text.n && !blank(text.p[at], sep))
		at++;
	return at;
}

/* An unquoted value: the words up to the next key, a flag or the end. */
static struct str unquoted(struct str text, size_t *at, char sep)
{
	size_t from = *at, end = word_end(text, from, sep), next;

	for (;;) {
		next = skip_blanks(text, end, sep);
		if (next == text.n || key_len(text, next) > 0 || end == from || sep != ' ')
			break;
		size_t stop = word_end(text, next, sep);
		if (is_flag(str_sub(text, next, stop)))
			break;
		end = stop;
	}
	*at = end;
	return str_sub(text, from, end);
}

/* The next pair at *at; values with their quotes off and escapes left in. False where no `key=`
 * stands. */
static bool next_pair(struct str text, size_t *at, char sep, struct str *key, struct str *val,
		      bool *escaped)
{
	size_t i = skip_blanks(text, *at, sep), n = key_len(text, i);

	*escaped = false;
	if (i == text.n)
		return false;
	if (n == 0) {
		size_t end = word_end(text, i, sep);

		if (!is_flag(str_sub(text, i, end)))
			return false;
		*key = str_sub(text, i, end);
		*val = (struct str){ "", 0 };
		*at = end;
		return true;
	}
	*key = str_sub(text, i, i + n);
	i += n + 1;
	if (i < text.n && text.p[i] == '"') {
		i++;
		*val = quoted(text, &i, escaped);
	} else {
		*val = unquoted(text, &i, sep);
	}
	*at = i;
	return true;
}

/* `\"` to `"`, in the arena. */
static struct str unescape(struct build *b, struct str val)
{
	char *out = arena_bytes(b->a, val.n);
	size_t n = 0;

	if (out == NULL) {
		b->ev.partial = true;
		return val;
	}
	for (size_t i = 0; i < val.n; i++) {
		if (val.p[i] == '\\' && i + 1 < val.n && val.p[i + 1] == '"')
			i++;
		out[n++] = val.p[i];
	}
	return (struct str){ out, n };
}

/* ',' where the first pair ends in one and a key follows it, else ' '. */
static char separator(struct str text)
{
	size_t at = skip_blanks(text, 0, ' '), n = key_len(text, at);
	bool escaped = false;

	if (n == 0)
		return ' ';
	at += n + 1;
	if (at < text.n && text.p[at] == '"') {
		at++;
		quoted(text, &at, &escaped);
	} else {
		while (at < text.n && text.p[at] != ' ' && text.p[at] != ',')
			at++;
	}
	return at < text.n && text.p[at] == ',' && key_len(text, at + 1) > 0 ? ',' : ' ';
}

/* The pairs of `text`, at least `min` of them. */
static bool fields(struct build *b, struct str text, unsigned min, struct err *why)
{
	size_t at = 0, stray = text.n; /* where words begin that belong to no pair */
	unsigned n = 0;
	struct str key, val;
	char sep = separator(text);
	bool escaped;

	while (at < text.n) {
		if (next_pair(text, &at, sep, &key, &val, &escaped)) {
			build_add(b, key, escaped ? unescape(b, val) : val);
			n++;
			stray = text.n;
			continue;
		}
		at = skip_blanks(text, at, sep);
		if (n == 0)
			break;
		stray = stray < text.n ? stray : at;
		at = word_end(text, at, sep);
	}
	if (n < min)
		return err_set(why, ERR_INPUT, at, "expected key=value");
	if (text.n - stray > 1)
		build_add(b, STR("message"), str_skip(text, stray));
	return true;
}

/* How many `key=` stand at word starts in the first bytes. */
static unsigned count_keys(struct str s)
{
	unsigned n = 0;
	size_t i = 0;

	while (i < s.n && i < 1024 && n < 8) {
		size_t len = key_len(s, i);

		n += len > 0;
		i += len > 0 ? len + 1 : 0;
		if (len > 0 && i < s.n && s.p[i] == '"') {
			bool escaped = false;

			i++;
			quoted(s, &i, &escaped);
		}
		while (i < s.n && s.p[i] != ' ' && s.p[i] != ',')
			i++;
		i++;
	}
	return n;
}

/* Where netfilter's own pairs begin, behind the rule's prefix ("[UFW BLOCK] IN=eth0 OUT= ..."). */
static size_t netfilter(struct str record)
{
	struct str head = str_sub(record, 0, 512);
	size_t at = str_find(head, STR("IN="));

	if (head.p == NULL || at == head.n ||
	    (at > 0 && head.p[at - 1] != ' ' && head.p[at - 1] != ']' && head.p[at - 1] != ':'))
		return record.n;
	if (str_find(head, STR(" OUT=")) == head.n || str_find(head, STR(" SRC=")) == head.n)
		return record.n;
	return at;
}

/* Check Point: [key:"value"; key:"value"; ]; how far the next pair goes, 0 where there is none. */
static size_t colon_pair(struct str s, size_t at, struct str *key, struct str *val, bool *escaped)
{
	size_t i = at;

	while (i < s.n && (s.p[i] == ' ' || s.p[i] == ';'))
		i++;
	size_t from = i;
	while (i < s.n && i - from < 128 &&
	       (ascii_alpha(s.p[i]) || ascii_digit(s.p[i]) || s.p[i] == '_'))
		i++;
	*key = str_sub(s, from, i);
	while (i < s.n && s.p[i] == ':')
		i++;
	if (key->n == 0 || i == from + key->n || i == s.n || s.p[i] != '"')
		return 0;
	i++;
	*val = quoted(s, &i, escaped);
	return i;
}

static bool colon_fields(struct build *b, struct str record, struct err *why)
{
	size_t at = 1, next;
	struct str key, val;
	unsigned n = 0;
	bool escaped = false;

	for (; (next = colon_pair(record, at, &key, &val, &escaped)) > 0; n++, escaped = false) {
		build_add(b, key, escaped ? unescape(b, val) : val);
		at = next;
	}
	b->checkpoint = n > 0;
	return b->checkpoint || err_set(why, ERR_INPUT, at, "expected key=value");
}

static bool is_colon(struct str record)
{
	struct str key, val;
	bool escaped = false;

	return record.n > 4 && record.p[0] == '[' &&
	       colon_pair(str_sub(record, 0, 512), 1, &key, &val, &escaped) > 0;
}

int kv_probe(struct str record)
{
	if (is_colon(record))
		return 90;
	size_t at = skip_blanks(record, 0, ' ');
	unsigned n;

	if (key_len(record, at) == 0)
		return netfilter(record) < record.n ? 55 : 0; /* less than a frame around it */
	n = count_keys(str_skip(record, at));
	if (str_starts(str_skip(record, at), STR("date=")) && n >= 3)
		return 95;
	return n >= 3 ? 70 : 0;
}

bool kv_read(struct build *b, struct str record, struct err *why)
{
	b->checkpoint = false;
	if (is_colon(record))
		return colon_fields(b, record, why);
	size_t at = netfilter(record);

	if (at < record.n && key_len(record, skip_blanks(record, 0, ' ')) == 0) {
		build_add_some(b, STR("prefix"), str_trim(str_sub(record, 0, at)));
		record = str_skip(record, at);
	}
	return fields(b, record, 3, why);
}
