/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/guides.h"

#include "base/file.h"
#include "base/test.h"

#include <fcntl.h>
#include <stdio.h>

/* The shipped file: whole in both languages for every kind that can give an alert. */
static void shipped(struct arena a)
{
	static const enum list_kind kinds[] = { LIST_C2, LIST_ATTACKER, LIST_PHISHING,
						LIST_UNKNOWN };
	const char *source = getenv("CANH_SOURCE");
	struct list_guides g;
	struct str text;
	char path[4096];

	if (source == NULL) {
		test_skip("content/guides.yaml", "CANH_SOURCE is not set");
		return;
	}
	snprintf(path, sizeof path, "%s/content/guides.yaml", source);
	if (!CHECK("read", file_load(&a, AT_FDCWD, path, 1 << 20, &text, NULL) &&
				   guides_parse(&a, text, &g, NULL)))
		return;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		const struct rule_guide *both[] = { g.vi[kinds[i]], g.en[kinds[i]] };

		for (size_t k = 0; k < COUNT(both); k++)
			CHECK(list_kind_name(kinds[i]),
			      both[k] != NULL && both[k]->what.n > 0 && both[k]->why.n > 0 &&
				      both[k]->call.n > 0 && both[k]->n_check > 0 &&
				      both[k]->n_act > 0);
	}
}

int main(void)
{
	struct list_guides g = { 0 };
	struct err why = { 0 };
	struct arena whole;

	if (!arena_reserve(&whole, 4 << 20))
		return 1;
	struct arena a = whole;
	CHECK("one", guides_parse(&a, STR("c2:\n  vi: {what: a, check: [b, c]}\n"), &g, &why));
	CHECK("texts", str_eq(g.vi[LIST_C2]->what, STR("a")) && g.vi[LIST_C2]->n_check == 2 &&
			       g.en[LIST_C2] == NULL && g.vi[LIST_ATTACKER] == NULL);
	CHECK("no such kind",
	      !guides_parse(&a, STR("c2: {}\nfoes: {}\n"), &g, &why) && why.at == 2);
	shipped(whole);
	arena_release(whole);
	return TEST_REPORT();
}
