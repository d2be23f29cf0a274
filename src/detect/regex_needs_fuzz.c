/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regex_needs_fuzz.c - what an expression matches holds one of the texts that it is said to need. The first
 * line of the input is the expression, the rest the value.
 */
#include "detect/regex_needs.h"

#include "base/fuzz.h"
#include "base/utf8.h"
#include "detect/regex.h"

#include <assert.h>
#include <stdlib.h>

static void check(struct arena a, struct str expression, struct str value, struct regex_scratch *s)
{
	struct regex_needs needs;
	size_t from, to, i = 0;

	if (!regex_needs_find(&a, expression, &needs) || needs.n == 0)
		return;
	for (unsigned flags = 0; flags < 8; flags++) {
		struct arena mine = a;
		const struct regex *re = regex_compile(&mine, expression, flags, NULL);
		struct str folded = utf8_fold_case(&mine, value);

		if (re == NULL || regex_match(re, s, value, &from, &to) != REGEX_YES)
			continue;
		for (i = 0; i < needs.n; i++)
			if (str_find(folded, needs.text[i]) < folded.n)
				break;
		assert(i < needs.n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena whole;
	static struct regex_scratch *s;
	struct str in = { (const char *)data, size };
	size_t line = str_find_char(in, '\n');

	if (whole.beg == NULL && !arena_reserve(&whole, 16 << 20))
		return 0;
	if (s == NULL && (s = regex_scratch_new()) == NULL)
		return 0;
	if (size < 4096)
		check(whole, str_sub(in, 0, line), str_skip(in, line + 1), s);
	return 0;
}
