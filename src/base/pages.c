/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages.c - one mapping a table; from one huge page on aligned to them, the rest of the mapping given
 * back.
 */
#include "base/pages.h"

#include <sys/mman.h>

#define HUGE_PAGE ((size_t)2 << 20)

void *pages_new(size_t n)
{
	size_t more = n >= HUGE_PAGE ? HUGE_PAGE : 0;

	if (n == 0 || n > SIZE_MAX / 2)
		return NULL;
	unsigned char *p = mmap(NULL, n + more, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				-1, 0);
	if (p == MAP_FAILED)
		return NULL;
	if (more == 0)
		return p;
	size_t head = (size_t)(-(uintptr_t)p & (HUGE_PAGE - 1));
	size_t tail = more - head;

	if (head > 0)
		munmap(p, head);
	if (tail > 0)
		munmap(p + head + ((n + 4095) & ~(size_t)4095), tail);
	(void)madvise(p + head, n, MADV_HUGEPAGE); /* small pages do, too */
	return p + head;
}

void pages_free(void *p, size_t n)
{
	if (p != NULL)
		munmap(p, n);
}
