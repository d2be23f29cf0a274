/* SPDX-License-Identifier: Apache-2.0 */
/* directive_fuzz.c - what was loaded is within its caps, and every check has a metric or a reason. */
#include "govern/directive.h"

#include "base/fuzz.h"

#include <assert.h>
#include <math.h>

static void look(const struct measure *m)
{
	assert(m->id.n > 0 && m->binds != 0 && m->n_checks <= MEASURE_CHECKS_MAX);
	for (size_t i = 0; i < m->n_checks; i++) {
		const struct check *c = &m->checks[i];

		assert(c->name.n > 0);
		assert(c->metric != NULL || (c->lacks.vi.n > 0 && c->title.en.n > 0));
		assert(c->compare == IS_SHOWN || !isnan(c->bound));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[4 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct directive d = { .n_measures = 0 };
	struct err why = { .kind = ERR_NONE };

	if (!directive_parse(&a, (struct str){ (const char *)data, size }, &d, &why)) {
		assert(why.kind != ERR_NONE && d.n_measures == 0);
		return 0;
	}
	assert(d.id.n > 0 && d.n_measures > 0 && d.issued != TIME_NONE);
	for (size_t i = 0; i < d.n_measures; i++)
		look(&d.measures[i]);
	return 0;
}
