/* SPDX-License-Identifier: Apache-2.0 */
/*
 * buf.h - bytes that grow on the heap, up to a maximum.
 *
 * For output of unknown size (a JSON answer, a frame). Appending beyond `max`, or when the system
 * has no memory, sets `full` and changes nothing more: append freely, look at `full` once at the
 * end. Zero-initialise with BUF(max); buf_free() when done. Not safe for two threads at once.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
	char *p; /* owned; not NUL-terminated */
	size_t n, cap, max;
	bool full;
};

#define BUF(limit) ((struct buf){ .max = (limit) })

void buf_free(struct buf *b);
void buf_clear(struct buf *b); /* forget the bytes, keep the memory */
void buf_add(struct buf *b, struct str s);
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Room for `n` more bytes at b->p + b->n (the caller then adds to b->n), or NULL. */
char *buf_room(struct buf *b, size_t n);
/* Drop the first `n` bytes. */
void buf_eat(struct buf *b, size_t n);

static inline struct str buf_str(const struct buf *b)
{
	return (struct str){ b->p, b->n };
}

#endif
