/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value_memo.h - what was found in a value before: logs repeat their values.
 *
 * A fixed amount of memory; what comes new drives out what stands in its place, so that whoever chooses
 * the values can at worst make it useless. Belongs to one thread.
 */
#ifndef DETECT_VALUE_MEMO_H
#define DETECT_VALUE_MEMO_H

#include "base/str.h"

enum { VALUE_MEMO_LEN_MAX = 4096, VALUE_MEMO_IDS_MAX = 48 };

struct value_memo;
struct value_memo *value_memo_new(void); /* NULL: no memory */
void value_memo_free(struct value_memo *m);

/* What was put for that value of that table; false: nothing, or no longer. */
bool value_memo_find(const struct value_memo *m, uint32_t table, struct str value,
		     const uint32_t **ids, size_t *n);
/* Copies both. What is too long is not kept. */
void value_memo_put(struct value_memo *m, uint32_t table, struct str value, const uint32_t *ids,
		    size_t n);

#endif
