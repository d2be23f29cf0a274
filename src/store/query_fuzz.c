/* SPDX-License-Identifier: Apache-2.0 */
/* query_fuzz.c - the first line is a query, the rest a record; a text that holds itself is found. */
#include "store/query.h"

#include "base/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[1 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct str text = { (const char *)data, size }, line = text, rest = text;
	const struct query *q = NULL;
	struct err why = { 0 };

	if (size > 16384)
		return 0;
	if (!str_split(&rest, '\n', &line))
		line = text;
	if (rest.p == NULL)
		rest = (struct str){ "", 0 };
	if (!query_parse(&a, line, &q, &why)) {
		assert(why.kind != ERR_NONE && why.at <= line.n && q == NULL);
		return 0;
	}
	struct field f = { .name = STR("user.name"), .val = rest, .bare = 5 };
	struct event ev = { .raw = rest, .fields = &f, .n_raw = 1, .n_fields = 1 };
	struct query_subject s = { .event = &ev, .format = STR("kv") };
	bool known = query_known(q, a, &s);
	enum query_answer raw = known ? query_unread(q, a, rest) : QUERY_NO;
	bool answer = query_match(q, a, &s);

	/* What is decided without the fields stays so with the fields. */
	assert(raw != QUERY_YES || answer);
	assert(raw != QUERY_NO || !answer);
	return 0;
}
