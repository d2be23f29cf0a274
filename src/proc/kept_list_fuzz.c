/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/kept_list.h"

#include "base/fuzz.h"

#include <assert.h>
#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena whole;
	struct list_info info = { .id = STR("x"), .name = STR("x") };
	struct str rest = { (const char *)data, size }, line;
	struct err why = { 0 };

	if (whole.beg == NULL && !arena_reserve(&whole, 16 << 20))
		return 0;
	struct list_builder *b = list_builder_new(1);
	if (b == NULL || !list_builder_begin(b, &info, &why))
		return 0;
	while (str_line(&rest, &line)) {
		struct err fault = { 0 };

		if (!kept_list_take(whole, line, b, &fault))
			assert(fault.kind != ERR_NONE);
	}
	list_set_free(list_builder_done(b, &why));
	return 0;
}
