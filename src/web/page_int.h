/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_int.h - the built page, read into memory at start and served from there.
 *
 * Nothing is read from disk for a request. `index.html` goes out with a fresh nonce in place of
 * __CSP_NONCE__ and in the policy; a file with a `.gz` twin goes out packed to who takes that; names
 * that carry a hash (below assets/) may be kept for a year.
 */
#ifndef WEB_PAGE_INT_H
#define WEB_PAGE_INT_H

#include "base/err.h"

struct call;
struct page;

/* NULL and *why when the folder has no index.html or holds more than 64 MiB. */
struct page *page_load(const char *dir, struct err *why);
void page_free(struct page *p); /* NULL is fine */
/* Make the reply for the path of `c`; false when the page has no such file. */
bool page_answer(const struct page *p, struct call *c);

#endif
