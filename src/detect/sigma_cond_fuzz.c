/* SPDX-License-Identifier: Apache-2.0 */
/* sigma_cond_fuzz.c - a condition becomes a tree over the detections there are, or an error. */
#include "detect/sigma_cond.h"

#include "base/fuzz.h"

#include <assert.h>

static const struct atom atoms[3];

static void walk(const struct node *v, unsigned depth)
{
	/* a level of the condition is at most an or, an and and a not */
	assert(v != NULL && depth <= 3 * COND_MAX_DEPTH + 3);
	if (v->kind == NODE_ATOM) {
		assert(v->atom >= atoms && v->atom < atoms + COUNT(atoms));
		return;
	}
	assert(v->n > 0);
	for (uint32_t i = 0; i < v->n; i++)
		walk(v->kid[i], depth + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[1 << 20];
	static const struct node leaves[] = {
		{ .kind = NODE_ATOM, .atom = &atoms[0] },
		{ .kind = NODE_ATOM, .atom = &atoms[1] },
		{ .kind = NODE_ATOM, .atom = &atoms[2] },
	};
	const struct detection all[] = {
		{ STR("s"), &leaves[0] },
		{ STR("sel_1"), &leaves[1] },
		{ STR("_x"), &leaves[2] },
	};
	struct arena a = { mem, mem + sizeof mem };
	struct err why = { 0 };
	const struct node *v = sigma_cond_parse(&a, (struct str){ (const char *)data, size }, all,
						3, &why);

	if (v != NULL)
		walk(v, 0);
	else
		assert(why.kind != ERR_NONE && why.at <= size);
	return 0;
}
