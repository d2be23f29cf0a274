/* SPDX-License-Identifier: Apache-2.0 */
/* leef.c - five parts between pipes, in 2.0 the delimiter as a sixth, then pairs between delimiters. */
#include "event/leef.h"

#include "base/num.h"
#include "event/cef.h"

/* LEEF 2.0: the delimiter as itself or as its number ("x09", "0x5e"). 0 when `part` is none. */
static char delimiter(struct str part)
{
	uint64_t v;

	if (part.n == 1)
		return part.p[0];
	if (str_starts_nocase(part, STR("0x")))
		part = str_skip(part, 2);
	else if (str_starts_nocase(part, STR("x")))
		part = str_skip(part, 1);
	else
		return '\0';
	return num_parse_hex(part, 0x7f, &v) ? (char)v : '\0';
}

static void pairs(struct build *b, struct str s, char sep)
{
	struct str one;

	while (str_split(&s, sep, &one)) {
		size_t cut = str_find_char(one, '=');
		struct str key = str_trim(str_sub(one, 0, cut));

		if (cut < one.n && key.n > 0)
			build_add(b, key, str_skip(one, cut + 1));
	}
}

bool leef_read(struct build *b, struct str record, struct err *why)
{
	static const struct str names[] = { STR("devVendor"), STR("devProduct"), STR("devVersion"),
					    STR("eventId") };
	struct str rest = record, part;
	char sep = '\t';

	if (!str_starts(record, STR("LEEF:")) || !str_split(&rest, '|', &part))
		return err_set(why, ERR_INPUT, 0, "expected LEEF:");
	bool two = str_starts(part, STR("LEEF:2"));
	for (size_t i = 0; i < COUNT(names); i++) {
		if (!str_split(&rest, '|', &part))
			return err_set(why, ERR_INPUT, record.n, "incomplete LEEF header");
		build_add(b, names[i], part);
	}
	if (rest.p == NULL)
		return true;
	if (two) {
		struct str head = rest;

		if (str_split(&head, '|', &part) && head.p != NULL && part.n <= 4) {
			sep = delimiter(part) != '\0' ? delimiter(part) : sep;
			rest = head;
		}
	}
	/* Some senders write blanks where a tab belongs. */
	if (sep == '\t' && memchr(rest.p, '\t', rest.n) == NULL)
		cef_extension(b, rest);
	else
		pairs(b, rest, sep);
	return true;
}

int leef_probe(struct str record)
{
	return str_starts(record, STR("LEEF:")) ? 100 : 0;
}
