/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/kept_list.h"

#include "base/num.h"
#include "detect/file_name.h"

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
	buf_printf(out, "\t%llu\t", (unsigned long long)line);
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
	struct indicator x;
	uint64_t n;

	if (!str_split(&rest, '\t', &value) || !str_split(&rest, '\t', &number) ||
	    !num_parse(number, 0, UINT64_MAX, &n))
		return err_set(why, ERR_INPUT, 0, "a kept list is damaged");
	return indicator_parse(&a, value, &x, why) && list_builder_add(b, &x, rest, n, why);
}
