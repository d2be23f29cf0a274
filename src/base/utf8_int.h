/* SPDX-License-Identifier: Apache-2.0 */
/* utf8_int.h - the folding tables that tools/mkutf8 writes: page of the basic plane, then target. */
#ifndef BASE_UTF8_INT_H
#define BASE_UTF8_INT_H

#include "base/str.h"

enum { UTF8_PAGE = 64, UTF8_RUNS = 10, UTF8_DROP = 0xFFFF };

struct utf8_run {
	uint32_t first, last;
	uint32_t by; /* added to fold */
};

/* A target of 0 means that the code point stays as it is. */
extern const uint8_t utf8_fold_page[1024], utf8_search_page[1024];
extern const uint16_t utf8_fold_to[49][UTF8_PAGE], utf8_search_to[50][UTF8_PAGE];
extern const struct utf8_run utf8_runs[UTF8_RUNS]; /* both foldings above the basic plane */

#endif
