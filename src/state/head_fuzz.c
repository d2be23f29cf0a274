/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fuzz.h"
#include "state/witness.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[1 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct str text = { (const char *)data, size };
	struct err why = { 0 };
	struct head h = { .size = -1 }, *list = NULL;
	size_t n = 0, skipped = 0;
	char again[HEAD_TEXT_MAX];

	if (!crypt_init(NULL))
		return 0;
	if (head_parse(text, &h, &why)) {
		assert(str_eq(str_trim(text), str_of(head_text(&h, again))));
		(void)!head_valid(&h);
	} else {
		assert(why.kind == ERR_INPUT && why.at <= size && h.size == -1);
	}
	if (witness_parse(&a, text, &list, &n, &skipped, &why))
		for (size_t i = 0; i < n; i++)
			assert(head_parse(str_of(head_text(&list[i], again)), &h, NULL));
	return 0;
}
