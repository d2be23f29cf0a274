/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/names.h"

#include "base/test.h"

int main(void)
{
	static unsigned char mem[4 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct names t = { 0 };

	CHECK("empty", names_find(&t, STR("Image")) == NAME_NONE);
	CHECK("first", names_add(&a, &t, STR("Image")) == 0);
	CHECK("again, other case", names_add(&a, &t, STR("IMAGE")) == 0 && t.n == 1);
	for (int i = 0; i < 5000; i++) {
		char buf[16];
		int n = snprintf(buf, sizeof buf, "f%d", i);

		CHECK("many", names_add(&a, &t, (struct str){ buf, (size_t)n }) == (uint32_t)i + 1);
	}
	CHECK("kept", names_find(&t, STR("F4999")) == 5000 && names_find(&t, STR("image")) == 0);
	CHECK("unknown", names_find(&t, STR("f5000")) == NAME_NONE);
	CHECK("empty name", names_add(&a, &t, STR("")) == 5001 && names_find(&t, STR("")) == 5001);
	struct arena none = { mem, mem };
	CHECK("full", names_add(&none, &t, STR("new")) == NAME_NONE);
	return TEST_REPORT();
}
