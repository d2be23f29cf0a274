/* SPDX-License-Identifier: Apache-2.0 */
/* ldif.c - lines are put together first (section 2, "folding"), then cut into name and value. */
#include "fleet/ldif.h"

#include "base/crypt.h"

void ldif_begin(struct ldif *l, struct str text)
{
	*l = (struct ldif){ .rest = text, .next = 1 };
}

static bool folded(struct str rest)
{
	return rest.n > 0 && rest.p[0] == ' ';
}

/* A line and what is folded behind it; p of *out is NULL when there is no memory. */
static bool take_line(struct ldif *l, struct arena *a, struct str *out)
{
	struct str more;
	size_t n, len;

	if (!str_line(&l->rest, out))
		return false;
	l->next++;
	if (!folded(l->rest))
		return true;
	/* all of them are counted, then copied once */
	struct ldif at = *l;
	for (len = out->n; folded(at.rest) && str_line(&at.rest, &more); at.next++)
		len += more.n - 1;
	char *p = arena_bytes(a, len);
	if (p != NULL)
		memcpy(p, out->p, out->n);
	for (n = out->n; folded(l->rest) && str_line(&l->rest, &more); l->next++) {
		if (p != NULL)
			memcpy(p + n, more.p + 1, more.n - 1);
		n += more.n - 1;
	}
	*out = (struct str){ p, p == NULL ? 0 : n };
	return true;
}

/* name: value | name:: base64 | name:< URL */
static bool take_value(struct arena *a, struct str line, struct str *name, struct str *value,
		       struct err *why)
{
	size_t colon = str_find_char(line, ':');

	if (colon == line.n || colon == 0)
		return err_set(why, ERR_INPUT, 0, "expected NAME: VALUE");
	*name = str_sub(line, 0, str_find_char(str_sub(line, 0, colon), ';'));
	struct str rest = str_skip(line, colon + 1);
	if (rest.n > 0 && rest.p[0] == '<')
		return err_set(why, ERR_INPUT, 0,
			       "'%.*s' names a file or URL, which is not fetched", STR_ARG(*name));
	if (rest.n == 0 || rest.p[0] != ':') {
		*value = str_trim(rest);
		return true;
	}
	return crypt_base64_parse(a, str_trim(str_skip(rest, 1)), value, NULL) ||
	       err_set(why, ERR_INPUT, 0, "'%.*s' is not base64", STR_ARG(*name));
}

/* Past the empty line behind an entry. */
static void skip_entry(struct ldif *l)
{
	struct str line;

	while (str_line(&l->rest, &line)) {
		l->next++;
		if (line.n == 0)
			return;
	}
}

static bool is_header(struct str line)
{
	return str_starts_nocase(line, STR("version:"));
}

static enum ldif_is bad(struct ldif *l)
{
	skip_entry(l);
	return LDIF_BAD;
}

static enum ldif_is take_rest(struct ldif *l, struct arena *a, struct str line,
			      struct ldif_entry *out, struct err *why)
{
	do {
		struct str name = { NULL, 0 }, value = { NULL, 0 };

		if (line.p == NULL) {
			err_set(why, ERR_LIMIT, 0, "no memory");
			return bad(l);
		}
		if (line.n == 0)
			break;
		if (line.p[0] == '#')
			continue;
		if (!take_value(a, line, &name, &value, why))
			return bad(l);
		if (str_eq_nocase(name, STR("changetype")) && !str_eq_nocase(value, STR("add"))) {
			err_set(why, ERR_INPUT, 0, "a record of change ('%.*s'), not an entry",
				STR_ARG(value));
			return bad(l);
		}
		if (out->n < LDIF_ATTRIBUTES_MAX) {
			out->at[out->n].name = name;
			out->at[out->n++].value = value;
		}
	} while (take_line(l, a, &line));
	return LDIF_ENTRY;
}

enum ldif_is ldif_next(struct ldif *l, struct arena *a, struct ldif_entry *out, struct err *why)
{
	struct str line;

	out->n = 0;
	for (;;) {
		out->line = l->next;
		if (!take_line(l, a, &line))
			return LDIF_END;
		if (line.p == NULL || (line.n > 0 && line.p[0] != '#' && !is_header(line)))
			break;
	}
	if (line.p != NULL && !str_starts_nocase(line, STR("dn:"))) {
		err_set(why, ERR_INPUT, 0, "expected an entry that begins with 'dn:'");
		return bad(l);
	}
	return take_rest(l, a, line, out, why);
}
