/* SPDX-License-Identifier: Apache-2.0 */
/* chunk.c - invariant: n <= max, bytes is the sum of the records' lengths. */
#include "ingest/chunk.h"

#include "event/reader.h"

#include <assert.h>
#include <stdlib.h>

const char *door_name(enum door door)
{
	static const char *const names[DOOR_COUNT] = {
		[DOOR_UDP] = "udp",   [DOOR_TCP] = "tcp",       [DOOR_TLS] = "tls",
		[DOOR_PUSH] = "push", [DOOR_BULK] = "bulk",     [DOOR_FILE] = "file",
		[DOOR_DROP] = "drop", [DOOR_IMPORT] = "import", [DOOR_CANARY] = "canary",
	};

	return door < DOOR_COUNT ? names[door] : NULL;
}

const char *drop_name(enum drop_reason reason)
{
	static const char *const names[DROP_COUNT] = {
		[DROP_KERNEL] = "kernel",       [DROP_TOO_LONG] = "too_long",
		[DROP_INVALID] = "invalid",     [DROP_OVERLOAD] = "overload",
		[DROP_RESTART] = "restart",     [DROP_UNREADABLE] = "unreadable",
		[DROP_TRUNCATED] = "truncated",
	};

	return reason < DROP_COUNT ? names[reason] : NULL;
}

/* Room for ASan's gap behind each record, and for what the caller adds (names, keys). */
enum { PER_RECORD = 32, EXTRA = 8192 };

struct chunk *chunk_new(enum door door, struct str peer, struct str name, size_t max, size_t cap)
{
	struct chunk *c = calloc(1, sizeof *c);
	size_t tables = max * (sizeof(struct str) + sizeof(bool) + PER_RECORD);

	if (c == NULL)
		return NULL;
	if (!arena_reserve(&c->whole, cap + tables + EXTRA + peer.n + name.n)) {
		free(c);
		return NULL;
	}
	c->mem = c->whole;
	c->door = door;
	c->peer = arena_str(&c->mem, peer);
	c->name = arena_str(&c->mem, name);
	c->records = NEW(&c->mem, struct str, max);
	c->cut = NEW(&c->mem, bool, max);
	c->max = max;
	return c;
}

void chunk_free(struct chunk *c)
{
	if (c == NULL)
		return;
	arena_release(c->whole);
	free(c);
}

bool chunk_add_view(struct chunk *c, struct str record)
{
	if (c->n == c->max)
		return false;
	c->records[c->n++] = record;
	c->bytes += record.n;
	return true;
}

bool chunk_add(struct chunk *c, struct str record)
{
	struct arena before = c->mem;
	char *copy = c->n == c->max ? NULL : arena_bytes(&c->mem, record.n);

	if (copy == NULL) {
		c->mem = before;
		return false;
	}
	if (record.n > 0)
		memcpy(copy, record.p, record.n);
	return chunk_add_view(c, (struct str){ copy, record.n });
}

void chunk_cut(struct chunk *c)
{
	assert(c->n > 0);
	c->cut[c->n - 1] = true;
}

size_t chunk_fill(struct chunk *c, struct str bytes, bool last)
{
	struct str rest = bytes, before = bytes, record;
	bool cut;

	while (records_next(&rest, last, &record, &cut)) {
		bool any = str_trim(record).n > 0;

		if (any && !chunk_add(c, record))
			return bytes.n - before.n;
		if (any && cut)
			chunk_cut(c);
		c->dropped[DROP_TOO_LONG] += cut;
		before = rest;
	}
	return bytes.n - rest.n;
}

uint64_t chunk_received(const struct chunk *c)
{
	uint64_t n = c->n;

	for (int i = 0; i < DROP_COUNT; i++)
		n += c->dropped[i];
	return n;
}
