/* SPDX-License-Identifier: Apache-2.0 */
/* buf.c - invariant: n <= cap <= max; once `full` is set nothing is appended. */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buf_free(struct buf *b)
{
	free(b->p);
	*b = BUF(b->max);
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->full = false;
}

char *buf_room(struct buf *b, size_t n)
{
	size_t cap = b->cap < 64 ? 64 : b->cap;
	char *p;

	if (b->full || n > b->max - b->n) {
		b->full = true;
		return NULL;
	}
	if (n <= b->cap - b->n)
		return b->p + b->n;
	while (cap < b->n + n)
		cap *= 2;
	if (cap > b->max)
		cap = b->max;
	p = realloc(b->p, cap);
	if (p == NULL) {
		b->full = true;
		return NULL;
	}
	b->p = p;
	b->cap = cap;
	return p + b->n;
}

void buf_add(struct buf *b, struct str s)
{
	char *p;

	if (s.n == 0)
		return;
	p = buf_room(b, s.n);
	if (p == NULL)
		return;
	memcpy(p, s.p, s.n);
	b->n += s.n;
}

void buf_char(struct buf *b, char c)
{
	buf_add(b, (struct str){ &c, 1 });
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;
	char *p;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	/* one more for the NUL that vsnprintf writes and that does not count */
	p = buf_room(b, (size_t)n + 1);
	if (p == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}

void buf_eat(struct buf *b, size_t n)
{
	assert(n <= b->n);
	if (n > 0 && n < b->n)
		memmove(b->p, b->p + n, b->n - n);
	b->n -= n;
}
