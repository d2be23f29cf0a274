/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/pending.h"

#include "base/test.h"

static const struct {
	const char *name;
	struct str told;
	uint32_t source;
	int64_t durable, want;
} cases[] = {
	{ "nothing told", STR("{}"), 3, 10, 0 },
	{ "some wait", STR("{\"sources\":{\"3\":{\"received\":15,\"stored\":9}}}"), 3, 10, 5 },
	{ "the store is ahead", STR("{\"sources\":{\"3\":{\"received\":15}}}"), 3, 16, 0 },
	{ "of another", STR("{\"sources\":{\"4\":{\"received\":15}}}"), 3, 10, 0 },
	{ "no number", STR("{\"sources\":{\"3\":{\"received\":\"15\"}}}"), 3, 10, 0 },
	{ "below nought", STR("{\"sources\":{\"3\":{\"received\":-1}}}"), 3, 0, 0 },
	{ "no source", STR("{\"sources\":{\"0\":{\"received\":9}}}"), 0, 0, 0 },
	{ "beyond all sources", STR("{\"sources\":{\"99999999\":{\"received\":9}}}"), 99999999, 0,
	  0 },
	{ "no object", STR("[3]"), 3, 0, 0 },
	{ "no JSON", STR("{\"sources\":{\"3\":{\"received\":15}"), 3, 10, 0 },
};

int main(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pending *p = pending_new();

		if (!CHECK("made", p != NULL))
			continue;
		pending_take(p, cases[i].told);
		CHECK(cases[i].name,
		      pending_of(p, cases[i].source, cases[i].durable) == cases[i].want);
		pending_forget(p);
		CHECK("forgotten", pending_of(p, cases[i].source, cases[i].durable) == 0);
		pending_free(p);
	}
	pending_free(NULL);
	return TEST_REPORT();
}
