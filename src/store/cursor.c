/* SPDX-License-Identifier: Apache-2.0 */
/* cursor.c - invariant: what is parsed is written again as the same bytes, or was refused. */
#include "store/cursor.h"

#include "base/num.h"

#include <stdio.h>

void cursor_write(const struct cursor *c, char out[STORE_CURSOR_MAX])
{
	char time[24] = "", id[STORE_ID_MAX] = "";

	if (c->by_time)
		snprintf(time, sizeof time, "%jd.", (intmax_t)c->time);
	if (!c->edge)
		store_id_text(&c->id, id);
	snprintf(out, STORE_CURSOR_MAX, "%c%c.%s%s", c->by_time ? 't' : 'p',
		 c->oldest_first ? 'o' : 'n', time, id);
}

static bool take_kind(struct str kind, struct cursor *out)
{
	if (kind.n != 2 || (kind.p[0] != 't' && kind.p[0] != 'p') ||
	    (kind.p[1] != 'o' && kind.p[1] != 'n'))
		return false;
	out->by_time = kind.p[0] == 't';
	out->oldest_first = kind.p[1] == 'o';
	return true;
}

bool cursor_parse(struct str text, struct cursor *out, struct err *why)
{
	struct str rest = text, kind = { NULL, 0 }, time;
	struct cursor c = { 0 };
	char again[STORE_CURSOR_MAX];
	bool ok = str_split(&rest, '.', &kind) && take_kind(kind, &c) && rest.p != NULL;

	if (ok && c.by_time)
		ok = str_split(&rest, '.', &time) && rest.p != NULL &&
		     num_parse_i64(time, INT64_MIN, INT64_MAX, &c.time);
	c.edge = c.by_time && rest.n == 0;
	ok = ok && (c.edge || store_id_parse(rest, &c.id));
	if (ok)
		cursor_write(&c, again);
	if (!ok || !str_eq(text, str_of(again)))
		return err_set(why, ERR_INPUT, 0, "not a cursor of this search");
	*out = c;
	return true;
}
