/* SPDX-License-Identifier: Apache-2.0 */
/* kept_rules_fuzz.c - what is handed over lies within the text and was written so. */
#include "proc/kept_rules.h"

#include "base/fuzz.h"

#include <assert.h>

static struct str whole, last;

static void one(void *ctx, struct str path, struct str rules)
{
	(void)ctx;
	assert(path.p >= whole.p && path.p + path.n < whole.p + whole.n);
	assert(rules.p >= path.p && rules.p + rules.n < whole.p + whole.n);
	assert(rules.p > last.p);
	last = rules;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str name = { NULL, 0 };
	struct err why = { 0 };

	whole = (struct str){ (const char *)data, size };
	last = (struct str){ whole.p, 0 };
	if (!kept_rules_read(whole, &name, one, NULL, &why))
		assert(why.kind == ERR_INPUT && why.at <= size);
	return 0;
}
