/* SPDX-License-Identifier: Apache-2.0 */
/* seek_answer_fuzz.c - whatever comes, nothing behind it is read, and only what is JSON passes. */
#include "proc/seek_answer.h"

#include "base/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct str ops[] = { STR("search"), STR("histogram"), STR("event") };
	struct str s = { (const char *)data, size };

	for (size_t i = 0; i < COUNT(ops); i++) {
		struct err why = { 0 };
		bool ok = seek_answer_check(ops[i], 3, s, &why);

		assert(ok == (why.kind == ERR_NONE) && why.at <= size);
		assert(!ok || (size > 1 && memchr(data, '{', size) != NULL));
	}
	return 0;
}
