/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena.h - memory that is handed out from one end and dropped whole.
 *
 * An arena is a plain value: copying it makes a mark, assigning the copy back drops everything made
 * since (`struct arena scratch = *a;` is scratch space that needs no freeing; never keep results in
 * `a` while a copy of it is in use: they would overlap). Under ASan each piece is followed by a
 * poisoned gap. Not safe for two threads at once.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

struct arena {
	unsigned char *beg, *end;
};

/*
 * Reserve address space for `cap` bytes; pages come when touched. Keep the value that is set here
 * for arena_release(); work on copies of it. False when the system has no room.
 */
MUST_USE bool arena_reserve(struct arena *out, size_t cap);
void arena_release(struct arena whole);
/* Give the touched pages of `whole` beyond its first `keep` bytes back to the system. */
void arena_trim(struct arena whole, size_t keep);

/* Give the whole pages within `piece` back to the system, which is not read again: its bytes may become
 * zeros. Only for what an arena_reserve()d arena handed out. */
void arena_drop(struct str piece);

/* `count` pieces of `size` bytes, zeroed, aligned to `align` (a power of 2); NULL when full. */
void *arena_alloc(struct arena *a, size_t size, size_t align, size_t count);
/* The same without zeroing, aligned to 1. */
char *arena_bytes(struct arena *a, size_t n);

/* A copy of `s` in `a`, with a NUL behind it that does not count; p is NULL when full. */
struct str arena_str(struct arena *a, struct str s);
/* printf into `a`, NUL behind; p is NULL when full. */
struct str arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

#define NEW(a, type, count) ((type *)arena_alloc((a), sizeof(type), _Alignof(type), (count)))

#endif
