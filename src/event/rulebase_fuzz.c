/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rulebase_fuzz.c - rules and a line, parted by a NUL: what cannot be used is named with its line; what is
 * found lies in the line, in its order.
 */
#include "event/rulebase.h"

#include "base/fuzz.h"

#include <assert.h>

struct seen {
	struct str line;
	const char *upto;
	size_t n;
};

static void take(void *ctx, const struct rule_name *name, struct str val)
{
	struct seen *s = ctx;

	if (name == NULL)
		return;
	assert(name->text.n > 0 && s->n++ < RULEBASE_MAX_FIELDS);
	assert(val.p >= s->upto && val.p + val.n <= s->line.p + s->line.n);
	s->upto = val.p + val.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = { (const char *)data, size },
		   rules = str_sub(all, 0, str_find_char(all, '\0')),
		   line = str_skip(all, rules.n + 1);
	struct err why = { 0 };
	struct rulebase *r = rulebase_new(rules, "x", &why);
	struct seen s = { line, line.p, 0 };

	assert(r != NULL || why.kind != ERR_NONE);
	if (r != NULL && !rulebase_match(r, line, take, &s))
		assert(s.n == 0);
	rulebase_free(r);
	return 0;
}
