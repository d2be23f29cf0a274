/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window.h - a file too large to be held, as windows over what stands in it; holes are left out.
 *
 * Windows overlap, so that what stands across the border of two is whole in one of them, as long as it
 * is no longer than the overlap. The file may change meanwhile: what can no longer be read is zeros.
 */
#ifndef SWEEP_WINDOW_H
#define SWEEP_WINDOW_H

#include "base/arena.h"

enum {
	WINDOW_BYTES = 64 << 20,
	WINDOW_OVERLAP = 1 << 20,
	WINDOW_GAP = 1 << 16, /* a hole shorter than that is read as the zeros that it is */
	WINDOW_MAX = 1 << 16,
};

struct window {
	uint64_t at;
	size_t len; /* at most WINDOW_BYTES */
};

struct windows {
	struct window *one;
	size_t n;
	bool cut; /* there is more */
};

/* Those of the first `size` bytes of `fd`, in `a`, of at most `most` bytes together. False when `a` is
 * full. */
MUST_USE bool windows_cut(struct arena *a, int fd, uint64_t size, uint64_t most,
			  struct windows *out);
/* `len` bytes from `at` on to `out`; how many there were, the rest is zeros. *error: errno where reading
 * failed, else as it was. */
size_t window_read(int fd, uint64_t at, char *out, size_t len, int *error);

#endif
