/* SPDX-License-Identifier: Apache-2.0 */
/* Pages are zeroed, writable to the last byte, and given back. */
#include "base/pages.h"

#include "base/test.h"

static const struct {
	const char *name;
	size_t n;
	bool ok;
} cases[] = {
	{ "nothing", 0, false },
	{ "one byte", 1, true },
	{ "a page and a byte", 4097, true },
	{ "just below a huge page", (2 << 20) - 1, true },
	{ "a huge page", 2 << 20, true },
	{ "no multiple of anything", (5 << 20) + 4097, true },
	{ "more than there is", SIZE_MAX / 2 + 1, false },
};

int main(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		unsigned char *p = pages_new(cases[i].n);
		bool zero = true;

		CHECK(cases[i].name, (p != NULL) == cases[i].ok);
		for (size_t k = 0; p != NULL && k < cases[i].n; k++)
			zero &= p[k] == 0;
		CHECK(cases[i].name, zero);
		if (p != NULL)
			memset(p, 0xa5, cases[i].n);
		pages_free(p, cases[i].n);
	}
	return TEST_REPORT();
}
