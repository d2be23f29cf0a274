/* SPDX-License-Identifier: Apache-2.0 */
/* counters_fuzz.c - what is let through is read again as the same. */
#include "proc/counters.h"

#include "base/fuzz.h"
#include "base/json.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { (const char *)data, size };
	struct buf page = BUF(4 << 20);
	struct err why = { 0 };
	struct json *j = NULL;

	if (counters_check(s, &page, &why)) {
		assert(json_parse(buf_str(&page), 4 << 20, &j, NULL));
		assert(json_is_object(json_get(j, "sources")));
		json_free(j);
	} else {
		assert(why.kind != ERR_NONE && page.n == 0);
	}
	buf_free(&page);
	return 0;
}
