/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_fuzz.c - a tree that came out is within its caps and sound; an error names a line. */
#include "base/yaml.h"

#include "base/fuzz.h"

#include <assert.h>

static size_t walk(const struct yml *v, size_t depth)
{
	size_t n = 1, kids = 0;

	assert(depth <= YML_MAX_DEPTH);
	for (const struct yml *c = yml_first(v); c != NULL; c = c->next) {
		assert((c->key.p != NULL) == (v->kind == YML_MAP));
		n += walk(c, depth + 1);
		kids++;
	}
	assert(kids == v->n);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[4 << 20];
	struct arena a = { mem, mem + sizeof mem };
	const struct yml *docs = NULL;
	struct err why = { 0 };
	size_t n = 0;

	if (!yml_parse(&a, (struct str){ (const char *)data, size }, &docs, &why)) {
		assert(why.kind != ERR_NONE && why.at <= size + 2 && docs == NULL);
		return 0;
	}
	for (const struct yml *d = docs; d != NULL; d = d->next)
		n += walk(d, 0);
	assert(n <= YML_MAX_NODES);
	return 0;
}
