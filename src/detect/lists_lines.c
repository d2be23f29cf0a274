/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lists_lines.c - the hits of a text as an array in the order of the text.
 *
 * Invariant: hits grow from one arena in chunks that are copied when they are full, so what the old
 * chunks held is lost room, never a dangling view.
 */
#include "detect/lists.h"

#include "base/time.h"

#include <stdlib.h>

struct collect {
	struct str text;
	struct arena *a;
	struct text_hit *hit;
	size_t n, cap;
	bool sorted, full;
};

static bool grow(struct collect *c)
{
	size_t cap = c->cap == 0 ? 64 : 2 * c->cap;
	struct text_hit *more = NEW(c->a, struct text_hit, cap);

	if (more == NULL)
		return false;
	if (c->n > 0)
		memcpy(more, c->hit, c->n * sizeof *more);
	c->hit = more;
	c->cap = cap;
	return true;
}

/* A view of the text stays, anything else is copied. */
static struct str kept(struct collect *c, struct str s)
{
	uintptr_t p = (uintptr_t)s.p, beg = (uintptr_t)c->text.p;

	return p >= beg && p - beg <= c->text.n ? s : arena_str(c->a, s);
}

static bool collect_hit(void *ctx, const struct hit *hit, size_t at)
{
	struct collect *c = ctx;
	struct text_hit h = { .at = at, .list = hit->list, .line = hit->line };

	if (c->n == c->cap && !grow(c)) {
		c->full = true;
		return false;
	}
	h.text = kept(c, hit->text);
	h.indicator = arena_str(c->a, hit->indicator);
	if (h.text.p == NULL || h.indicator.p == NULL) {
		c->full = true;
		return false;
	}
	c->sorted &= c->n == 0 || c->hit[c->n - 1].at < at;
	c->hit[c->n++] = h;
	return true;
}

static int cmp_hit(const void *pa, const void *pb)
{
	const struct text_hit *a = pa, *b = pb;
	int text;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->list != b->list)
		return a->list < b->list ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	text = str_cmp(a->text, b->text);
	return text != 0 ? text : str_cmp(a->indicator, b->indicator);
}

bool list_set_collect(const struct list_set *set, struct str text, struct arena *a,
		      struct text_hit **out, size_t *n)
{
	struct collect c = { .text = text, .a = a, .sorted = true };
	unsigned char *mem = arena_alloc(a, 1, 16, (size_t)256 << 10);
	size_t k = 0;

	if (mem == NULL)
		return false;
	list_set_match_text(set, (struct list_text){ text, TIME_NONE },
			    (struct arena){ mem, mem + ((size_t)256 << 10) }, collect_hit, &c);
	if (c.full)
		return false;
	if (!c.sorted && c.n > 0)
		qsort(c.hit, c.n, sizeof *c.hit, cmp_hit);
	for (size_t i = 0; i < c.n; i++)
		if (k == 0 || cmp_hit(&c.hit[k - 1], &c.hit[i]) != 0)
			c.hit[k++] = c.hit[i];
	*out = c.hit;
	*n = k;
	return true;
}
