/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value_memo.c - cells of fixed place by hash; values and ids stand in a ring that is written over.
 *
 * Invariant: what a cell points to is good as long as less than the ring was written since.
 */
#include "detect/value_memo.h"

#include "base/hash.h"

#include <stdlib.h>

enum { CELLS = 1 << 15, RING = 4 << 20 };

struct cell {
	uint64_t hash;
	uint64_t at; /* bytes written before; 0: empty */
	uint32_t table;
	uint16_t len, n;
};

struct value_memo {
	struct cell cell[CELLS];
	uint64_t written;
	unsigned char ring[RING];
};

struct value_memo *value_memo_new(void)
{
	struct value_memo *m = calloc(1, sizeof *m);

	if (m != NULL)
		m->written = RING; /* so that an empty cell is out of reach */
	return m;
}

void value_memo_free(struct value_memo *m)
{
	free(m);
}

static uint64_t hash_of(uint32_t table, struct str value)
{
	return hash_quick(value, table);
}

bool value_memo_find(const struct value_memo *m, uint32_t table, struct str value,
		     const uint32_t **ids, size_t *n)
{
	if (value.n > VALUE_MEMO_LEN_MAX)
		return false;
	uint64_t hash = hash_of(table, value);
	const struct cell *c = &m->cell[hash % CELLS];

	if (c->hash != hash || c->table != table || c->len != value.n || m->written - c->at > RING)
		return false;
	const unsigned char *p = m->ring + c->at % RING;
	if (value.n > 0 && memcmp(p + c->n * sizeof **ids, value.p, value.n) != 0)
		return false;
	*ids = (const uint32_t *)(const void *)p;
	*n = c->n;
	return true;
}

void value_memo_put(struct value_memo *m, uint32_t table, struct str value, const uint32_t *ids,
		    size_t n)
{
	size_t len = n * sizeof *ids + value.n;

	if (value.n > VALUE_MEMO_LEN_MAX || n > VALUE_MEMO_IDS_MAX)
		return;
	len = (len + 7) / 8 * 8;
	if (m->written % RING + len > RING)
		m->written += RING - m->written % RING;
	uint64_t hash = hash_of(table, value);
	unsigned char *p = m->ring + m->written % RING;

	m->cell[hash % CELLS] = (struct cell){ hash, m->written, table, (uint16_t)value.n,
					       (uint16_t)n };
	if (n > 0)
		memcpy(p, ids, n * sizeof *ids);
	if (value.n > 0)
		memcpy(p + n * sizeof *ids, value.p, value.n);
	m->written += len;
}
