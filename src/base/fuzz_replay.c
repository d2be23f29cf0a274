/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_replay.c - runs a fuzzer's harness once over each of its seeds, so that it is a test too. */
#include "base/file.h"
#include "base/fuzz.h"
#include "base/test.h"

#include <fcntl.h>

static bool one(void *ctx, const char *path, const char *name)
{
	struct arena whole;
	struct str s;

	(void)ctx;
	if (!arena_reserve(&whole, (size_t)64 << 20))
		return false;
	struct arena a = whole;
	if (CHECK(name, file_load(&a, AT_FDCWD, path, (size_t)32 << 20, &s, NULL))) {
		/* An own block, so that a read past the end is seen. */
		uint8_t *copy = malloc(s.n == 0 ? 1 : s.n);

		if (copy == NULL)
			abort();
		memcpy(copy, s.p, s.n);
		LLVMFuzzerTestOneInput(copy, s.n);
		free(copy);
	}
	arena_release(whole);
	return true;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		file_walk(argv[i], &(struct walk){ .fn = one });
	return TEST_REPORT();
}
