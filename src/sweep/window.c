/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window.c - SEEK_DATA and SEEK_HOLE to windows.
 *
 * Invariant: each window begins behind the beginning of the one before it, so cutting ends.
 */
#include "sweep/window.h"

#include <errno.h>
#include <unistd.h>

/* Where data begins at or behind `at`; `size` when there is none. Without holes of the file system, `at`. */
static uint64_t data_from(int fd, uint64_t at, uint64_t size)
{
	off_t got = at < size ? lseek(fd, (off_t)at, SEEK_DATA) : -1;

	if (got == -1)
		return at < size && errno != ENXIO ? at : size;
	return (uint64_t)got < size ? (uint64_t)got : size;
}

static uint64_t hole_from(int fd, uint64_t at, uint64_t size)
{
	off_t got = lseek(fd, (off_t)at, SEEK_HOLE);

	return got == -1 || (uint64_t)got > size ? size : (uint64_t)got;
}

/* The end of the window that begins at `at`: a hole of some length, or as much as a window holds. */
static uint64_t window_end(int fd, uint64_t at, uint64_t size)
{
	uint64_t most = size - at > WINDOW_BYTES ? at + WINDOW_BYTES : size;
	uint64_t end = hole_from(fd, at, most);

	while (end < most) {
		uint64_t next = data_from(fd, end, most);

		if (next - end > WINDOW_GAP || next == most)
			return end > at ? end : most;
		end = hole_from(fd, next, most);
	}
	return most;
}

bool windows_cut(struct arena *a, int fd, uint64_t size, uint64_t most, struct windows *out)
{
	struct windows w = { .one = NEW(a, struct window, WINDOW_MAX) };
	uint64_t at = data_from(fd, 0, size), sum = 0;

	if (w.one == NULL)
		return false;
	while (at < size) {
		uint64_t end = window_end(fd, at, size);

		sum += end - at;
		w.cut = w.n == WINDOW_MAX || sum > most;
		if (w.cut)
			break;
		w.one[w.n++] = (struct window){ at, (size_t)(end - at) };
		if (end == size)
			break;
		at = end - at == WINDOW_BYTES ? end - WINDOW_OVERLAP : end;
		at = data_from(fd, at, size);
	}
	*out = w;
	return true;
}

size_t window_read(int fd, uint64_t at, char *out, size_t len, int *error)
{
	size_t have = 0;

	while (have < len) {
		ssize_t got = pread(fd, out + have, len - have, (off_t)(at + have));

		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			*error = errno;
		if (got <= 0)
			break;
		have += (size_t)got;
	}
	memset(out + have, 0, len - have);
	return have;
}
