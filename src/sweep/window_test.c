/* SPDX-License-Identifier: Apache-2.0 */
/* Windows over files with and without holes: no byte of data is outside of all of them. */
#include "sweep/window.h"

#include "sweep/test_tree.h"

enum { MIB = 1 << 20 };

static const struct {
	const char *name;
	uint64_t size;
	struct {
		uint64_t at;
		size_t len; /* of data; 0: none */
	} data[3];
	uint64_t most;
	size_t n; /* windows wanted */
	bool cut;
} cases[] = {
	{ "empty", 0, { { 0, 0 } }, UINT64_MAX, 0, false },
	{ "nothing but a hole", (uint64_t)1 << 40, { { 0, 0 } }, UINT64_MAX, 0, false },
	{ "small", 4096, { { 0, 4096 } }, UINT64_MAX, 1, false },
	{ "an island in 1 TB",
	  (uint64_t)1 << 40,
	  { { (uint64_t)1 << 39, 4096 } },
	  UINT64_MAX,
	  1,
	  false },
	{ "two islands",
	  (uint64_t)1 << 40,
	  { { 0, 4096 }, { (uint64_t)1 << 39, 4096 } },
	  UINT64_MAX,
	  2,
	  false },
	{ "longer than a window", 65 * (uint64_t)MIB, { { 0, 65 * MIB } }, UINT64_MAX, 2, false },
	{ "as long as two", 127 * (uint64_t)MIB, { { 0, 127 * MIB } }, UINT64_MAX, 2, false },
	{ "no more than asked for",
	  127 * (uint64_t)MIB,
	  { { 0, 127 * MIB } },
	  70 * (uint64_t)MIB,
	  1,
	  true },
};

/* Is [at, at + len) whole in the windows, and at each border once more? */
static bool covered(const struct window *w, size_t n, uint64_t at, size_t len)
{
	uint64_t end = at + len;

	for (size_t i = 0; i < n && at < end; i++)
		if (w[i].at <= at && at < w[i].at + w[i].len)
			at = w[i].at + w[i].len;
	return at >= end;
}

int main(void)
{
	static char zeros[MIB];
	struct arena whole;

	if (!CHECK("made", tree_make() && arena_reserve(&whole, 8 * MIB)))
		return TEST_REPORT();
	for (size_t i = 0; i < COUNT(cases); i++) {
		int fd = open(tree_path("f"), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		struct arena a = whole;
		struct windows w = { 0 };
		size_t k;

		bool ok = fd != -1 && ftruncate(fd, (off_t)cases[i].size) == 0;
		for (k = 0; ok && k < 3; k++)
			for (size_t at = 0; ok && at < cases[i].data[k].len; at += sizeof zeros) {
				size_t len = cases[i].data[k].len - at;

				len = len < sizeof zeros ? len : sizeof zeros;
				ok = pwrite(fd, zeros, len, (off_t)(cases[i].data[k].at + at)) ==
				     (ssize_t)len;
			}
		if (!CHECK(cases[i].name,
			   ok && windows_cut(&a, fd, cases[i].size, cases[i].most, &w)))
			continue;
		CHECK(cases[i].name, w.n == cases[i].n && w.cut == cases[i].cut);
		for (k = 0; k < 3 && !w.cut; k++)
			CHECK(cases[i].name,
			      covered(w.one, w.n, cases[i].data[k].at, cases[i].data[k].len));
		if (w.n == 2 && w.one[0].len == WINDOW_BYTES)
			CHECK(cases[i].name, w.one[1].at == WINDOW_BYTES - WINDOW_OVERLAP);
		close(fd);
	}
	int fd = open(tree_path("g"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	char got[8];
	int error = 0;

	CHECK("it shrank", fd != -1 && pwrite(fd, "abc", 3, 0) == 3 &&
				   window_read(fd, 1, got, sizeof got, &error) == 2 && error == 0 &&
				   memcmp(got, "bc\0\0\0\0\0", sizeof got) == 0);
	if (fd != -1)
		close(fd);
	CHECK("it cannot be read", window_read(-1, 0, got, sizeof got, &error) == 0 && error != 0);
	arena_release(whole);
	CHECK("taken away", test_remove(test_dir));
	return TEST_REPORT();
}
