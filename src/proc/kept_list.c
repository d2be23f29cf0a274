/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/kept_list.h"

#include "base/num.h"
#include "base/time.h"
#include "detect/file_name.h"

static void put_time(struct buf *out, int64_t t)
{
	buf_char(out, ';');
	if (t != TIME_NONE)
		buf_printf(out, "%lld", (long long)t);
}

/* The time behind the next ';', which may be empty. */
static bool take_time(struct str *rest, int64_t *out)
{
	struct str s;

	*out = TIME_NONE;
	return str_split(rest, ';', &s) &&
	       (s.n == 0 || num_parse_i64(s, INT64_MIN, INT64_MAX, out));
}

/* LINE or LINE;FROM;UNTIL */
static bool take_line(struct str s, uint64_t *line, struct indicator *x)
{
	struct str number;

	if (!str_split(&s, ';', &number) || !num_parse(number, 0, UINT64_MAX, line))
		return false;
	x->dated = s.p != NULL;
	return !x->dated ||
	       (take_time(&s, &x->valid_from) && take_time(&s, &x->valid_until) && s.p == NULL);
}

void kept_list_put(struct buf *out, const struct indicator *x, struct str note, uint64_t line)
{
	struct str name;
	size_t from;

	/* what its form need not say: that it is a file, or the host of an address like "http://nas.local/" */
	if (x->type == IND_FILE)
		buf_add(out, STR("file:"));
	buf_add(out, x->text);
	if (x->type == IND_DOMAIN && file_claims(x->text, &name))
		buf_char(out, '/');
	buf_printf(out, "\t%llu", (unsigned long long)line);
	if (x->dated) {
		put_time(out, x->valid_from);
		put_time(out, x->valid_until);
	}
	buf_char(out, '\t');
	from = out->n;
	buf_add(out, str_sub(note, 0, LISTS_MAX_NOTE));
	for (size_t i = from; i < out->n; i++)
		if ((unsigned char)out->p[i] < 0x20)
			out->p[i] = ' ';
	buf_char(out, '\n');
}

bool kept_list_take(struct arena a, struct str line, struct list_builder *b, struct err *why)
{
	struct str value, number, rest = line;
	struct indicator x, dates = { 0 };
	uint64_t n;

	if (!str_split(&rest, '\t', &value) || !str_split(&rest, '\t', &number) ||
	    !take_line(number, &n, &dates))
		return err_set(why, ERR_INPUT, 0, "a kept list is damaged");
	if (!indicator_parse(&a, value, &x, why))
		return false;
	x.dated = dates.dated;
	x.valid_from = dates.valid_from;
	x.valid_until = dates.valid_until;
	return list_builder_add(b, &x, rest, n, why);
}
