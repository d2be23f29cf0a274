/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit_oms.c - what auoms (the audit plugin of Microsoft's agent for Linux) makes of an event: one
 * line of pairs, lists in brackets, and the command line in quotes that nothing inside it escapes.
 *
 * Invariant: `at` only grows and never passes s.n. What the process chose (cmdline, proctitle) ends
 * before the last "redactors=", which auoms puts behind it, so no command line makes up other fields.
 */
#include "event/audit_int.h"

static size_t word(struct str s, size_t at)
{
	size_t i = at;

	while (i < s.n && (ascii_alpha(s.p[i]) || ascii_digit(s.p[i]) || s.p[i] == '_'))
		i++;
	return i > at && i < s.n && s.p[i] == '=' ? i - at : 0;
}

/* Where the last " redactors=" begins, or the end. */
static size_t last_mark(struct str s)
{
	static const struct str mark = STR(" redactors=");
	size_t at = s.n, from = 0, hit;

	while ((hit = str_find(str_skip(s, from), mark)) < s.n - from) {
		at = from + hit;
		from = at + mark.n;
	}
	return at;
}

static struct str unquoted(struct str s)
{
	bool both = s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"';

	return both ? str_sub(s, 1, s.n - 1) : s;
}

/* ["a","b"]: the field once for each; texts hold no comma in quotes, or are kept whole. */
static void add_list(struct build *b, struct str key, struct str list)
{
	struct str one;

	list = str_sub(list, 1, list.n - 1);
	while (str_split(&list, ',', &one))
		build_add(b, key, unquoted(one));
}

static void add(struct build *b, struct str key, struct str val)
{
	struct str one;

	if (str_eq(key, STR("key"))) {
		while (str_split(&val, ',', &one))
			build_add(b, key, one);
		return;
	}
	if (val.n >= 2 && val.p[0] == '[' && val.p[val.n - 1] == ']') {
		add_list(b, key, val);
		return;
	}
	val = unquoted(val);
	build_add(b, key, val);
	if (str_eq(key, STR("cmdline")))
		build_add(b, STR("command"), val);
	else if (str_eq(key, STR("syscall")))
		build_add(b, STR("SYSCALL"), val);
	else if (str_eq(key, STR("node")))
		b->host = val;
}

void audit_oms(struct build *b, struct str s)
{
	size_t at = 0, n, end, mark = last_mark(s);

	while (at < s.n) {
		n = word(s, at);
		if (n == 0) {
			at++;
			continue;
		}
		struct str key = str_sub(s, at, at + n);

		at += n + 1;
		if (at < mark && (str_eq(key, STR("cmdline")) || str_eq(key, STR("proctitle"))))
			end = mark;
		else if (at < s.n && s.p[at] == '"')
			end = at + 2 + str_find_char(str_skip(s, at + 1), '"');
		else
			end = at + str_find_char(str_skip(s, at), ' ');
		add(b, key, str_sub(s, at, end));
		at = end < s.n ? end : s.n;
	}
}
