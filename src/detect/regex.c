/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regex.c - the only file that sees pcre2.h.
 *
 * Compiled code is allocated in the caller's arena through PCRE2's memory hooks and never freed by
 * itself. Bytes of a value that are not UTF-8 match nothing but do not end the match.
 */
#include "detect/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

enum { STEPS_MAX = 1 << 20, HEAP_KIB_MAX = 16 << 10 };

struct regex_scratch {
	pcre2_match_context *limits;
	pcre2_match_data *data;
};

static void *take(size_t n, void *arena)
{
	return arena_alloc(arena, 1, _Alignof(max_align_t), n);
}

static void leave(void *p, void *arena)
{
	(void)p;
	(void)arena;
}

static uint32_t options(unsigned flags)
{
	uint32_t o = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;

	o |= flags & REGEX_NOCASE ? PCRE2_CASELESS : 0;
	o |= flags & REGEX_MULTILINE ? PCRE2_MULTILINE : 0;
	o |= flags & REGEX_DOTALL ? PCRE2_DOTALL : 0;
	o |= flags & REGEX_START ? PCRE2_ANCHORED : 0;
	o |= flags & REGEX_END ? PCRE2_ENDANCHORED : 0;
	return o;
}

const struct regex *regex_compile(struct arena *a, struct str text, unsigned flags, struct err *why)
{
	PCRE2_SIZE at = 0;
	int code = 0;

	if (text.n > REGEX_MAX) {
		err_set(why, ERR_LIMIT, 0, "expression longer than %d bytes", REGEX_MAX);
		return NULL;
	}
	pcre2_general_context *memory = pcre2_general_context_create(take, leave, a);
	pcre2_compile_context *c = memory ? pcre2_compile_context_create(memory) : NULL;
	pcre2_code *re = c == NULL ? NULL
				   : pcre2_compile((PCRE2_SPTR)(text.n > 0 ? text.p : ""), text.n,
						   options(flags), &code, &at, c);
	if (re != NULL)
		return (const struct regex *)re;
	if (c == NULL || code == PCRE2_ERROR_NOMEMORY) {
		err_set(why, ERR_LIMIT, 0, "no room for the rules");
		return NULL;
	}
	unsigned char says[160] = "";
	pcre2_get_error_message(code, says, sizeof says);
	err_set(why, ERR_INPUT, at, "not a regular expression at byte %zu: %s", (size_t)at,
		(const char *)says);
	return NULL;
}

struct regex_scratch *regex_scratch_new(void)
{
	struct regex_scratch *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->limits = pcre2_match_context_create(NULL);
	s->data = pcre2_match_data_create(1, NULL);
	if (s->limits == NULL || s->data == NULL) {
		regex_scratch_free(s);
		return NULL;
	}
	pcre2_set_match_limit(s->limits, STEPS_MAX);
	pcre2_set_depth_limit(s->limits, STEPS_MAX);
	pcre2_set_heap_limit(s->limits, HEAP_KIB_MAX);
	return s;
}

void regex_scratch_free(struct regex_scratch *s)
{
	if (s == NULL)
		return;
	pcre2_match_data_free(s->data);
	pcre2_match_context_free(s->limits);
	free(s);
}

enum regex_result regex_match(const struct regex *re, struct regex_scratch *s, struct str value,
			      size_t *from, size_t *to)
{
	int rc = pcre2_match((const pcre2_code *)re, (PCRE2_SPTR)(value.n > 0 ? value.p : ""),
			     value.n, 0, 0, s->data, s->limits);

	if (rc == PCRE2_ERROR_NOMATCH)
		return REGEX_NO;
	if (rc < 0)
		return REGEX_GAVE_UP;
	const PCRE2_SIZE *span = pcre2_get_ovector_pointer(s->data);
	*from = span[0];
	*to = span[1];
	return REGEX_YES;
}
