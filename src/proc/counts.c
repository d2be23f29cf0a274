/* SPDX-License-Identifier: Apache-2.0 */
/* counts.c - invariant: durable <= staged; a source is on the list `open` while they differ. */
#include "proc/counts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct count {
	uint64_t staged, durable; /* records: the former counts what is durable, too */
	uint64_t dropped, queued;
	uint64_t told_received, told_stored;
	bool known;
};

struct counts {
	size_t max, n_open;
	uint32_t *open;    /* owned */
	struct count of[]; /* by source, from 0 */
};

struct counts *counts_new(size_t max)
{
	struct counts *c = calloc(1, sizeof *c + (max + 1) * sizeof c->of[0]);

	if (c == NULL)
		return NULL;
	c->max = max;
	c->open = calloc(max + 1, sizeof *c->open);
	if (c->open != NULL)
		return c;
	free(c);
	return NULL;
}

void counts_free(struct counts *c)
{
	if (c != NULL)
		free(c->open);
	free(c);
}

bool counts_known(const struct counts *c, uint32_t source)
{
	assert(source <= c->max);
	return c->of[source].known;
}

void counts_begin(struct counts *c, uint32_t source, uint64_t stored, uint64_t dropped)
{
	assert(!counts_known(c, source));
	c->of[source] = (struct count){ .staged = stored,
					.durable = stored,
					.dropped = dropped,
					.told_received = stored + dropped,
					.told_stored = stored,
					.known = true };
}

uint64_t counts_next(const struct counts *c, uint32_t source)
{
	return c->of[source].staged + 1;
}

void counts_stage(struct counts *c, uint32_t source)
{
	struct count *s = &c->of[source];

	if (s->staged++ == s->durable)
		c->open[c->n_open++] = source;
}

void counts_drop(struct counts *c, uint32_t source, uint64_t n)
{
	c->of[source].dropped += n;
}

void counts_commit(struct counts *c)
{
	while (c->n_open > 0) {
		struct count *s = &c->of[c->open[--c->n_open]];

		s->durable = s->staged;
	}
}

void counts_queue_none(struct counts *c)
{
	for (size_t i = 0; i <= c->max; i++)
		c->of[i].queued = 0;
}

void counts_queue(struct counts *c, uint32_t source, uint64_t n)
{
	c->of[source].queued += n;
}

bool counts_tell(struct counts *c, struct jsonw *w)
{
	bool any = false;

	jsonw_open(w, '{');
	for (size_t i = 0; i <= c->max; i++) {
		struct count *s = &c->of[i];
		uint64_t received = s->staged + s->dropped + s->queued;
		char id[24];

		if (received == s->told_received && s->durable == s->told_stored)
			continue;
		any = true;
		s->told_received = received;
		s->told_stored = s->durable;
		snprintf(id, sizeof id, "%zu", i);
		jsonw_key(w, id);
		jsonw_open(w, '{');
		jsonw_kv_int(w, "received", (int64_t)received);
		jsonw_kv_int(w, "stored", (int64_t)s->durable);
		jsonw_close(w, '}');
	}
	jsonw_close(w, '}');
	return any;
}
