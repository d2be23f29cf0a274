/* SPDX-License-Identifier: Apache-2.0 */
/* pages.h - large tables straight from the system, so that freeing one gives its memory back at once. */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include "base/str.h"

/* `n` zeroed bytes, in huge pages where there are some: tables are met at random. NULL: no memory. */
void *pages_new(size_t n);
/* `n` as it was asked for; `p` may be NULL. */
void pages_free(void *p, size_t n);

#endif
