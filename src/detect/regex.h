/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regex.h - regular expressions by PCRE2, with a cap on the work of one match.
 *
 * Expressions and values are hostile. A compiled expression lives in its arena, is immutable and safe
 * from any thread; scratch belongs to one thread.
 */
#ifndef DETECT_REGEX_H
#define DETECT_REGEX_H

#include "base/arena.h"
#include "base/err.h"

enum {
	REGEX_NOCASE = 1,
	REGEX_MULTILINE = 2, /* ^ and $ at each line */
	REGEX_DOTALL = 4,
	REGEX_START = 8,  /* only where the value begins */
	REGEX_END = 16,   /* only up to where it ends */
	REGEX_MAX = 8192, /* bytes of an expression */
};

struct regex;
struct regex_scratch;

/* NULL and *why (at is the offset of the fault) when it is no expression or `a` is full. */
const struct regex *regex_compile(struct arena *a, struct str text, unsigned flags,
				  struct err *why);

struct regex_scratch *regex_scratch_new(void); /* NULL when there is no memory */
void regex_scratch_free(struct regex_scratch *s);

enum regex_result { REGEX_NO, REGEX_YES, REGEX_GAVE_UP /* the cap on work was reached */ };
/* On REGEX_YES *from and *to bound what matched. */
enum regex_result regex_match(const struct regex *re, struct regex_scratch *s, struct str value,
			      size_t *from, size_t *to);

#endif
