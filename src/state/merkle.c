/* SPDX-License-Identifier: Apache-2.0 */
#include "state/merkle.h"

#include <assert.h>

bool merkle_same(const struct merkle_hash *a, const struct merkle_hash *b)
{
	return memcmp(a->b, b->b, MERKLE_LEN) == 0;
}

void merkle_leaf(struct str bytes, struct merkle_hash *out)
{
	struct hash h;

	hash_begin(&h, HASH_SHA256);
	hash_add(&h, STR("\0"));
	hash_add(&h, bytes);
	hash_end(&h, out->b);
}

void merkle_node(const struct merkle_hash *left, const struct merkle_hash *right,
		 struct merkle_hash *out)
{
	unsigned char both[1 + 2 * MERKLE_LEN];

	both[0] = 1;
	memcpy(both + 1, left->b, MERKLE_LEN);
	memcpy(both + 1 + MERKLE_LEN, right->b, MERKLE_LEN);
	hash_sha256((struct str){ (const char *)both, sizeof both }, out->b);
}

bool merkle_range_add(struct merkle_range *r, const struct merkle_hash *leaf, merkle_done_fn *done,
		      void *ctx, struct err *why)
{
	struct merkle_hash hash = *leaf;
	int level = 0;

	for (; (r->size >> level & 1) != 0; level++) {
		merkle_node(&r->peak[level], &hash, &hash);
		if (done != NULL && !done(ctx, level + 1, r->size >> (level + 1), &hash, why))
			return false;
	}
	assert(level < MERKLE_LEVELS);
	r->peak[level] = hash;
	r->size++;
	return true;
}

void merkle_range_root(const struct merkle_range *r, struct merkle_hash *out)
{
	bool any = false;

	hash_sha256(STR(""), out->b);
	for (int level = 0; level < MERKLE_LEVELS; level++) {
		if ((r->size >> level & 1) == 0)
			continue;
		if (any)
			merkle_node(&r->peak[level], out, out);
		else
			*out = r->peak[level];
		any = true;
	}
}

bool merkle_range_load(const struct merkle_store *s, uint64_t size, struct merkle_range *out,
		       struct err *why)
{
	struct merkle_range r = { .size = size };

	if (size >> MERKLE_LEVELS != 0)
		return err_set(why, ERR_LIMIT, 0, "a tree cannot be that large");
	for (int level = 0; level < MERKLE_LEVELS; level++)
		if ((size >> level & 1) != 0 &&
		    !s->node(s->ctx, level, (size >> level) - 1, &r.peak[level], why))
			return false;
	*out = r;
	return true;
}

bool merkle_root(const struct merkle_store *s, uint64_t size, struct merkle_hash *out,
		 struct err *why)
{
	struct merkle_range r = { 0 };

	if (!merkle_range_load(s, size, &r, why))
		return false;
	merkle_range_root(&r, out);
	return true;
}

/* The largest power of two below n; n > 1. */
static uint64_t split(uint64_t n)
{
	return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

/* The hash of the leaves from `beg`, n of them; beg is a multiple of the power of two >= n. */
static bool span(const struct merkle_store *s, uint64_t beg, uint64_t n, struct merkle_hash *out,
		 struct err *why)
{
	bool any = false;
	uint64_t end = beg + n;

	for (int level = 0; level < MERKLE_LEVELS; level++) {
		struct merkle_hash left;

		if ((n >> level & 1) == 0)
			continue;
		end -= UINT64_C(1) << level;
		if (!s->node(s->ctx, level, end >> level, &left, why))
			return false;
		if (any)
			merkle_node(&left, out, out);
		else
			*out = left;
		any = true;
	}
	return true;
}

static void reverse(struct merkle_proof *p)
{
	for (size_t i = 0; i < p->n / 2; i++) {
		struct merkle_hash swap = p->hash[i];

		p->hash[i] = p->hash[p->n - 1 - i];
		p->hash[p->n - 1 - i] = swap;
	}
}

/* RFC 9162, 2.1.3.1: from the root down, the sibling of each step; told from the leaf up. */
bool merkle_prove_leaf(const struct merkle_store *s, uint64_t at, uint64_t size,
		       struct merkle_proof *out, struct err *why)
{
	struct merkle_proof p = { 0 };
	uint64_t beg = 0, n = size;

	if (at >= size || size >> MERKLE_LEVELS != 0)
		return err_set(why, ERR_ABSENT, 0, "there is no such entry in that tree");
	while (n > 1) {
		uint64_t k = split(n);
		bool right = at - beg >= k;

		if (!span(s, right ? beg : beg + k, right ? k : n - k, &p.hash[p.n++], why))
			return false;
		beg += right ? k : 0;
		n = right ? n - k : k;
	}
	reverse(&p);
	*out = p;
	return true;
}

/*
 * One step up from node fn of a level whose last node is sn, as both checks of the RFC take it: is
 * the next hash of the proof the left sibling? Then levels without a sibling are passed over.
 */
static bool climb(uint64_t *fn, uint64_t *sn)
{
	bool left = (*fn & 1) != 0 || *fn == *sn;

	while (left && (*fn & 1) == 0 && *fn != 0) {
		*fn >>= 1;
		*sn >>= 1;
	}
	*fn >>= 1;
	*sn >>= 1;
	return left;
}

/* RFC 9162, 2.1.3.2 */
bool merkle_check_leaf(const struct merkle_proof *proof, const struct merkle_hash *leaf,
		       uint64_t at, uint64_t size, const struct merkle_hash *root)
{
	struct merkle_hash r = *leaf;
	uint64_t fn = at, sn = size - 1;

	if (at >= size || proof->n > COUNT(proof->hash))
		return false;
	for (size_t i = 0; i < proof->n; i++) {
		if (sn == 0)
			return false;
		if (climb(&fn, &sn))
			merkle_node(&proof->hash[i], &r, &r);
		else
			merkle_node(&r, &proof->hash[i], &r);
	}
	return sn == 0 && merkle_same(&r, root);
}

/* RFC 9162, 2.1.4.1: SUBPROOF from the root down, told from below up. */
bool merkle_prove_growth(const struct merkle_store *s, uint64_t from, uint64_t size,
			 struct merkle_proof *out, struct err *why)
{
	struct merkle_proof p = { 0 };
	uint64_t beg = 0, n = size;
	bool whole = true;

	if (from == 0 || from > size || size >> MERKLE_LEVELS != 0)
		return err_set(why, ERR_ABSENT, 0, "there is no such head to grow from");
	while (from - beg != n) {
		uint64_t k = split(n);
		bool right = from - beg > k;

		if (!span(s, right ? beg : beg + k, right ? k : n - k, &p.hash[p.n++], why))
			return false;
		whole = whole && !right;
		beg += right ? k : 0;
		n = right ? n - k : k;
	}
	if (!whole && !span(s, beg, n, &p.hash[p.n++], why))
		return false;
	reverse(&p);
	*out = p;
	return true;
}

/* RFC 9162, 2.1.4.2 */
bool merkle_check_growth(const struct merkle_proof *proof, uint64_t from,
			 const struct merkle_hash *old_root, uint64_t size,
			 const struct merkle_hash *root)
{
	uint64_t fn = from - 1, sn = size - 1;
	size_t i = 0;

	if (from == 0 || from > size || proof->n > COUNT(proof->hash))
		return false;
	if (from == size)
		return proof->n == 0 && merkle_same(old_root, root);
	bool full = (from & (from - 1)) == 0;

	if (proof->n == 0)
		return false;
	while ((fn & 1) != 0) {
		fn >>= 1;
		sn >>= 1;
	}
	struct merkle_hash fr = full ? *old_root : proof->hash[i++];
	struct merkle_hash sr = fr;

	for (; i < proof->n; i++) {
		if (sn == 0)
			return false;
		bool left = climb(&fn, &sn);

		if (left)
			merkle_node(&proof->hash[i], &fr, &fr);
		merkle_node(left ? &proof->hash[i] : &sr, left ? &sr : &proof->hash[i], &sr);
	}
	return sn == 0 && merkle_same(&fr, old_root) && merkle_same(&sr, root);
}
