/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "base/test.h"

static void fixed(void)
{
	unsigned char mem[256];
	struct arena a = { mem, mem + sizeof mem };
	struct arena mark;
	int *x = NEW(&a, int, 3);

	CHECK("zeroed", x != NULL && x[0] == 0 && x[2] == 0);
	CHECK("aligned", ((uintptr_t)NEW(&a, long, 1) & (_Alignof(long) - 1)) == 0);
	mark = a;
	CHECK("text", str_eq(arena_str(&a, STR("abc")), STR("abc")));
	a = mark;
	struct str s = arena_printf(&a, "%s-%d", "x", 7);
	CHECK("printf", str_eq(s, STR("x-7")) && s.p[s.n] == '\0');
	CHECK("full gives NULL", arena_bytes(&a, 4096) == NULL);
	CHECK("overflow gives NULL", NEW(&a, long, SIZE_MAX / 4) == NULL);
	CHECK("full text", arena_str(&a, (struct str){ (char *)mem, 4000 }).p == NULL);
}

static void reserved(void)
{
	struct arena whole;

	if (!CHECK("reserve 1 GiB", arena_reserve(&whole, (size_t)1 << 30)))
		return;
	for (int i = 0; i < 3; i++) {
		struct arena a = whole;
		char *p = arena_bytes(&a, 1 << 20);

		CHECK("reused after reset", p == (char *)whole.beg);
		memset(p, 1, 1 << 20);
		arena_trim(whole, 4096);
		CHECK("trimmed pages are zero again", p[8192] == 0 && p[0] == 1);
	}
	arena_release(whole);
}

int main(void)
{
	fixed();
	reserved();
	return TEST_REPORT();
}
