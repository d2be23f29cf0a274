/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lists_range.c - ranges cut into prefixes, which nest or are apart, so that the narrowest one
 * around an address leads to all others.
 *
 * Invariant: prefixes stand sorted by (start, length); `around` of each is the narrowest earlier
 * one that holds it, NO_ENTRY when none does.
 */
#include "detect/found_int.h"

#include "base/num.h"
#include "base/pages.h"

#include <stdlib.h>

/* DEEPEST: prefixes around one address that are looked at; MANY: so many that nearly every upper half
 * of an address has one. */
enum { DEEPEST = 4096, MANY = 1 << 14 };
#define ANY24_BYTES ((size_t)1 << 21)

void ranges_free(struct list_set *set)
{
	free(set->pfx4);
	free(set->pfx6);
	free(set->by16);
	pages_free(set->any24, ANY24_BYTES);
}

static void addr_add(struct addr *a, unsigned bit)
{
	unsigned i = bit / 8;
	unsigned v = a->b[i] + (1u << (7 - bit % 8));

	a->b[i] = (uint8_t)v;
	while (v > 255 && i > 0) {
		v = a->b[--i] + 1u;
		a->b[i] = (uint8_t)v;
	}
}

static bool is_zero(const struct addr *a)
{
	static const struct addr zero;

	return addr_cmp(a, &zero) == 0;
}

/* The last address of the prefix. */
static struct addr prefix_end(struct addr a, unsigned len)
{
	for (unsigned i = len; i < 128; i++)
		a.b[i / 8] |= (uint8_t)(1u << (7 - i % 8));
	return a;
}

/* The widest prefix that begins at `lo` and ends not behind `hi`; its length. */
static unsigned widest(const struct addr *lo, const struct addr *hi)
{
	unsigned len = 128;

	while (len > 0) {
		unsigned bit = len - 1;
		struct addr end = prefix_end(*lo, bit);

		if ((lo->b[bit / 8] >> (7 - bit % 8) & 1) != 0 || addr_cmp(&end, hi) > 0)
			break;
		len--;
	}
	return len;
}

struct cut {
	struct pfx4 *p4;
	struct pfx6 *p6;
	size_t n4, n6;
};

/* Cut [lo, hi] into prefixes; counts only while the arrays are NULL. */
static void cut_range(struct range r, bool v4, uint32_t ent, struct cut *c)
{
	for (;;) {
		unsigned len = widest(&r.lo, &r.hi);
		struct addr end = prefix_end(r.lo, len);

		if (v4) {
			if (c->p4 != NULL)
				c->p4[c->n4] = (struct pfx4){ load_be32(r.lo.b + 12), ent, NO_ENTRY,
							      (uint8_t)(len - 96) };
			c->n4++;
		} else {
			if (c->p6 != NULL)
				c->p6[c->n6] = (struct pfx6){ r.lo, ent, NO_ENTRY, (uint8_t)len };
			c->n6++;
		}
		if (addr_cmp(&end, &r.hi) >= 0)
			return;
		addr_add(&r.lo, len - 1);
		if (is_zero(&r.lo))
			return;
	}
}

static void cut_all(const struct list_set *set, struct cut *c)
{
	c->n4 = c->n6 = 0;
	for (size_t i = 0; i < set->n_ents; i++)
		if (set->ents[i].type == IND_RANGE)
			cut_range(entry_range(set, &set->ents[i]), set->ents[i].v4, (uint32_t)i, c);
}

static int cmp4(const void *pa, const void *pb)
{
	const struct pfx4 *a = pa, *b = pb;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->len != b->len ? (int)a->len - (int)b->len : (a->ent > b->ent) - (a->ent < b->ent);
}

static int cmp6(const void *pa, const void *pb)
{
	const struct pfx6 *a = pa, *b = pb;
	int c = addr_cmp(&a->start, &b->start);

	if (c != 0)
		return c;
	return a->len != b->len ? (int)a->len - (int)b->len : (a->ent > b->ent) - (a->ent < b->ent);
}

/* Does the last prefix that was kept say what the next one says, which is the same? If it is the other way
 * round the next one takes its place. */
static bool once(const struct list_set *set, uint32_t last, uint32_t next, size_t *kept)
{
	const struct entry *a = &set->ents[last], *b = &set->ents[next];

	if (a->list != b->list)
		return false;
	if (entry_covers(set, a, b))
		return true;
	if (entry_covers(set, b, a))
		(*kept)--;
	return false;
}

/* Of prefixes that stand together leave each list one of those that are the same, unless each is valid
 * when the one before is not. */
static size_t once4(const struct list_set *set, struct pfx4 *p, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		const struct pfx4 *last = &p[kept > 0 ? kept - 1 : 0];

		if (kept > 0 && p[i].start == last->start && p[i].len == last->len &&
		    once(set, last->ent, p[i].ent, &kept))
			continue;
		p[kept++] = p[i];
	}
	return kept;
}

static size_t once6(const struct list_set *set, struct pfx6 *p, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		const struct pfx6 *last = &p[kept > 0 ? kept - 1 : 0];

		if (kept > 0 && addr_cmp(&p[i].start, &last->start) == 0 && p[i].len == last->len &&
		    once(set, last->ent, p[i].ent, &kept))
			continue;
		p[kept++] = p[i];
	}
	return kept;
}

static bool holds4(const struct pfx4 *p, uint32_t a)
{
	return p->len == 0 || (a ^ p->start) >> (32 - p->len) == 0;
}

static bool holds6(const struct pfx6 *p, const struct addr *a)
{
	struct addr end = prefix_end(p->start, p->len);

	return addr_cmp(a, &p->start) >= 0 && addr_cmp(a, &end) <= 0;
}

static void link4(struct list_set *set)
{
	for (size_t i = 1; i < set->n_pfx4; i++) {
		uint32_t up = (uint32_t)(i - 1);

		while (up != NO_ENTRY && !holds4(&set->pfx4[up], set->pfx4[i].start))
			up = set->pfx4[up].around;
		set->pfx4[i].around = up;
	}
}

static void link6(struct list_set *set)
{
	for (size_t i = 1; i < set->n_pfx6; i++) {
		uint32_t up = (uint32_t)(i - 1);

		while (up != NO_ENTRY && !holds6(&set->pfx6[up], &set->pfx6[i].start))
			up = set->pfx6[up].around;
		set->pfx6[i].around = up;
	}
}

/* The bits of all blocks of `len` bits that the prefix lies in or holds; after link4(). */
static void mark_blocks(uint64_t *any, const struct pfx4 *p, unsigned len)
{
	if (p->around != NO_ENTRY)
		return; /* the one around it has marked them: many wide ones cost what a few do */
	uint32_t from = p->start >> (32 - len), n = p->len >= len ? 1 : 1u << (len - p->len);

	for (uint32_t block = from; block < from + n; block++)
		any[block / 64] |= UINT64_C(1) << (block % 64);
}

static bool index24(struct list_set *set)
{
	if (set->n_pfx4 < MANY)
		return true;
	set->any24 = pages_new(ANY24_BYTES);
	for (size_t i = 0; set->any24 != NULL && i < set->n_pfx4; i++)
		mark_blocks(set->any24, &set->pfx4[i], 24);
	return set->any24 != NULL;
}

/* Where the prefixes of each upper half begin, and which halves any prefix touches. */
static bool index16(struct list_set *set)
{
	size_t at = 0;

	set->by16 = malloc(65537 * sizeof *set->by16);
	if (set->by16 == NULL)
		return false;
	for (uint32_t half = 0; half <= 65536; half++) {
		while (at < set->n_pfx4 && set->pfx4[at].start >> 16 < half)
			at++;
		set->by16[half] = (uint32_t)at;
	}
	for (size_t i = 0; i < set->n_pfx4; i++)
		mark_blocks(set->any16, &set->pfx4[i], 16);
	return index24(set);
}

bool ranges_build(struct list_set *set)
{
	struct cut c = { 0 };

	cut_all(set, &c);
	if (c.n4 > UINT32_MAX - 1 || c.n6 > UINT32_MAX - 1)
		return false;
	set->pfx4 = malloc((c.n4 + 1) * sizeof *set->pfx4);
	set->pfx6 = malloc((c.n6 + 1) * sizeof *set->pfx6);
	if (set->pfx4 == NULL || set->pfx6 == NULL)
		return false;
	c.p4 = set->pfx4;
	c.p6 = set->pfx6;
	cut_all(set, &c);
	qsort(set->pfx4, c.n4, sizeof *set->pfx4, cmp4);
	qsort(set->pfx6, c.n6, sizeof *set->pfx6, cmp6);
	set->n_pfx4 = once4(set, set->pfx4, c.n4);
	set->n_pfx6 = once6(set, set->pfx6, c.n6);
	link4(set);
	link6(set);
	return index16(set);
}

static void find4(const struct list_set *set, uint32_t a, struct found *out)
{
	uint32_t lo, hi, depth = 0;

	if (!touches_v4(set, a))
		return;
	/* The last prefix that begins at or before the address. */
	lo = set->by16[a >> 16];
	hi = set->by16[(a >> 16) + 1];
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (set->pfx4[mid].start <= a)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (uint32_t at = lo - 1; at != NO_ENTRY && depth < DEEPEST; depth++) {
		const struct pfx4 *p = &set->pfx4[at];

		if (holds4(p, a))
			found_add(set, out, p->ent, 96u + p->len);
		at = p->around;
	}
}

static void find6(const struct list_set *set, const struct addr *a, struct found *out)
{
	size_t lo = 0, hi = set->n_pfx6, depth = 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (addr_cmp(&set->pfx6[mid].start, a) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (uint32_t at = (uint32_t)lo - 1; at != NO_ENTRY && depth < DEEPEST; depth++) {
		const struct pfx6 *p = &set->pfx6[at];

		if (holds6(p, a))
			found_add(set, out, p->ent, p->len);
		at = p->around;
	}
}

void ranges_find(const struct list_set *set, const struct addr *a, struct found *out)
{
	if (addr_is_v4(a))
		find4(set, load_be32(a->b + 12), out);
	if (set->n_pfx6 > 0)
		find6(set, a, out);
}
