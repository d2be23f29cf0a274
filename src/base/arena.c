/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena.c - a bump allocator over one mapping or over the caller's bytes.
 *
 * Invariant: beg <= end. Under ASan all that lies behind `beg` may be poisoned; a piece is
 * unpoisoned when it is handed out and the GAP bytes behind it are poisoned.
 */
#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
#else
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
enum { GAP = 0 };
#endif

bool arena_reserve(struct arena *out, size_t cap)
{
	void *p = mmap(NULL, cap, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return false;
	*out = (struct arena){ p, (unsigned char *)p + cap };
	return true;
}

void arena_release(struct arena whole)
{
	if (whole.beg == NULL)
		return;
	ASAN_UNPOISON_MEMORY_REGION(whole.beg, (size_t)(whole.end - whole.beg));
	munmap(whole.beg, (size_t)(whole.end - whole.beg));
}

void arena_trim(struct arena whole, size_t keep)
{
	size_t len = (size_t)(whole.end - whole.beg);

	keep = (keep + 4095) & ~(size_t)4095;
	if (keep < len)
		madvise(whole.beg + keep, len - keep, MADV_DONTNEED);
}

void arena_drop(struct str piece)
{
	uintptr_t from = ((uintptr_t)piece.p + 4095) & ~(uintptr_t)4095;
	uintptr_t to = (uintptr_t)(piece.p + piece.n) & ~(uintptr_t)4095;

	if (piece.n > 0 && from < to)
		madvise((void *)from, to - from, MADV_DONTNEED);
}

/*
 * The bytes are an array in a function's frame: whoever gets that stretch of the stack next would
 * stumble over gaps that nobody lifts, so there are none.
 */
static bool on_stack(const unsigned char *p)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0), at = (uintptr_t)p;

	return at >= here && at - here < 8u << 20;
}

/* `n` raw bytes at the next multiple of `align`, or NULL. */
static unsigned char *take(struct arena *a, size_t n, size_t align)
{
	size_t pad = (size_t)(-(uintptr_t)a->beg & (align - 1));
	size_t left = (size_t)(a->end - a->beg);
	unsigned char *p;

	assert(align != 0 && (align & (align - 1)) == 0);
	if (pad > left || n > left - pad || n + GAP > left - pad)
		return NULL;
	p = a->beg + pad;
	a->beg = p + n + GAP;
	ASAN_UNPOISON_MEMORY_REGION(p, n);
	if (GAP > 0 && !on_stack(p))
		ASAN_POISON_MEMORY_REGION(p + n, GAP);
	return p;
}

void *arena_alloc(struct arena *a, size_t size, size_t align, size_t count)
{
	size_t n;
	unsigned char *p;

	if (__builtin_mul_overflow(size, count, &n))
		return NULL;
	p = take(a, n, align);
	if (p != NULL)
		memset(p, 0, n);
	return p;
}

char *arena_bytes(struct arena *a, size_t n)
{
	return (char *)take(a, n, 1);
}

struct str arena_str(struct arena *a, struct str s)
{
	char *p = arena_bytes(a, s.n + 1);

	if (p == NULL)
		return (struct str){ NULL, 0 };
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return (struct str){ p, s.n };
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	int n;
	char *p;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || (p = arena_bytes(a, (size_t)n + 1)) == NULL)
		return (struct str){ NULL, 0 };
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return (struct str){ p, (size_t)n };
}
