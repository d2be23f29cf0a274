/* SPDX-License-Identifier: Apache-2.0 */
#include "state/merkle.h"

#include "base/test.h"

enum { MOST = 70 };

static struct merkle_hash leaves[MOST];

/* RFC 9162, 2.1.1, word for word: the independent recomputation. */
static struct merkle_hash naive(size_t beg, size_t end)
{
	struct merkle_hash left, right, out;
	size_t n = end - beg, k = 1;

	if (n == 0) {
		hash_sha256(STR(""), out.b);
		return out;
	}
	if (n == 1)
		return leaves[beg];
	while (k * 2 < n)
		k *= 2;
	left = naive(beg, beg + k);
	right = naive(beg + k, end);
	merkle_node(&left, &right, &out);
	return out;
}

/* PATH and PROOF of the RFC as recursion, appended in their order. */
static void naive_path(size_t m, size_t beg, size_t end, struct merkle_proof *p)
{
	size_t n = end - beg, k = 1;

	if (n == 1)
		return;
	while (k * 2 < n)
		k *= 2;
	if (m - beg < k) {
		naive_path(m, beg, beg + k, p);
		p->hash[p->n++] = naive(beg + k, end);
	} else {
		naive_path(m, beg + k, end, p);
		p->hash[p->n++] = naive(beg, beg + k);
	}
}

static void naive_growth(size_t m, size_t beg, size_t end, bool whole, struct merkle_proof *p)
{
	size_t n = end - beg, k = 1;

	if (m == n) {
		if (!whole)
			p->hash[p->n++] = naive(beg, end);
		return;
	}
	while (k * 2 < n)
		k *= 2;
	if (m <= k) {
		naive_growth(m, beg, beg + k, whole, p);
		p->hash[p->n++] = naive(beg + k, end);
	} else {
		naive_growth(m - k, beg + k, end, false, p);
		p->hash[p->n++] = naive(beg, beg + k);
	}
}

static bool read_node(void *ctx, int level, uint64_t place, struct merkle_hash *out,
		      struct err *why)
{
	size_t *size = ctx;
	size_t beg = (size_t)place << level, end = (size_t)(place + 1) << level;

	if (end > *size)
		return err_set(why, ERR_ABSENT, 0, "no such row");
	*out = naive(beg, end);
	return true;
}

static bool same_proof(const struct merkle_proof *a, const struct merkle_proof *b)
{
	return a->n == b->n && memcmp(a->hash, b->hash, a->n * sizeof a->hash[0]) == 0;
}

/* A proof that was changed in any way must not pass. */
static bool spoilt_leaf(struct merkle_proof p, size_t at, size_t size,
			const struct merkle_hash *root)
{
	const struct merkle_hash *leaf = &leaves[at];
	bool passed = merkle_check_leaf(&p, &leaves[(at + 1) % MOST], at, size, root) ||
		      (size > 1 && merkle_check_leaf(&p, leaf, (at + 1) % size, size, root)) ||
		      merkle_check_leaf(&p, leaf, size, size, root);

	for (size_t i = 0; i < p.n; i++) {
		p.hash[i].b[i % MERKLE_LEN] ^= 4;
		passed = passed || merkle_check_leaf(&p, leaf, at, size, root);
		p.hash[i].b[i % MERKLE_LEN] ^= 4;
	}
	p.n++;
	passed = passed || merkle_check_leaf(&p, leaf, at, size, root);
	if (p.n > 1) {
		p.n -= 2;
		passed = passed || merkle_check_leaf(&p, leaf, at, size, root);
	}
	return passed;
}

static bool spoilt_growth(struct merkle_proof p, size_t from, size_t size)
{
	struct merkle_hash old = naive(0, from), root = naive(0, size), other = leaves[MOST - 1];
	bool passed = merkle_check_growth(&p, from, &other, size, &root) ||
		      merkle_check_growth(&p, from, &old, size, &other) ||
		      merkle_check_growth(&p, 0, &old, size, &root);

	for (size_t i = 0; i < p.n; i++) {
		p.hash[i].b[i % MERKLE_LEN] ^= 4;
		passed = passed || merkle_check_growth(&p, from, &old, size, &root);
		p.hash[i].b[i % MERKLE_LEN] ^= 4;
	}
	p.n++;
	passed = passed || merkle_check_growth(&p, from, &old, size, &root);
	return passed;
}

static void proofs(size_t size)
{
	struct merkle_store store = { read_node, &size };
	struct merkle_hash root = naive(0, size), got;
	bool ok = merkle_root(&store, size, &got, NULL) && merkle_same(&got, &root);

	for (size_t at = 0; at < size; at++) {
		struct merkle_proof p, q = { 0 };

		naive_path(at, 0, size, &q);
		ok = ok && merkle_prove_leaf(&store, at, size, &p, NULL) && same_proof(&p, &q) &&
		     merkle_check_leaf(&p, &leaves[at], at, size, &root) &&
		     !spoilt_leaf(p, at, size, &root);
	}
	CHECK("leaf proofs as the RFC makes and checks them", ok);
	ok = true;
	for (size_t from = 1; from <= size; from++) {
		struct merkle_hash old = naive(0, from);
		struct merkle_proof p, q = { 0 };

		naive_growth(from, 0, size, true, &q);
		ok = ok && merkle_prove_growth(&store, from, size, &p, NULL) &&
		     same_proof(&p, &q) && merkle_check_growth(&p, from, &old, size, &root) &&
		     !spoilt_growth(p, from, size);
	}
	CHECK("growth proofs as the RFC makes and checks them", ok);
}

/* RFC 9162, 2.1.5: the tree of seven leaves and the proofs it names, by their letters. */
static void example(void)
{
	size_t seven = 7;
	struct merkle_store store = { read_node, &seven };
	struct merkle_hash c = leaves[2], d = leaves[3], g = naive(0, 2), h = naive(2, 4),
			   i = naive(4, 6), k = naive(0, 4), l = naive(4, 7), j = leaves[6];
	const struct {
		const char *name;
		bool leaf;
		uint64_t at;
		size_t n;
		struct merkle_hash want[4];
	} cases[] = {
		{ "d0: b h l", true, 0, 3, { leaves[1], h, l } },
		{ "d3: c g l", true, 3, 3, { c, g, l } },
		{ "d4: f j k", true, 4, 3, { leaves[5], j, k } },
		{ "d6: i k", true, 6, 2, { i, k } },
		{ "3 to 7: c d g l", false, 3, 4, { c, d, g, l } },
		{ "4 to 7: l", false, 4, 1, { l } },
		{ "6 to 7: i j k", false, 6, 3, { i, j, k } },
	};

	for (size_t n = 0; n < COUNT(cases); n++) {
		struct merkle_proof p = { 0 };
		bool ok = cases[n].leaf ? merkle_prove_leaf(&store, cases[n].at, seven, &p, NULL)
					: merkle_prove_growth(&store, cases[n].at, seven, &p, NULL);

		CHECK(cases[n].name, ok && p.n == cases[n].n);
		CHECK(cases[n].name, memcmp(p.hash, cases[n].want, p.n * sizeof p.hash[0]) == 0);
	}
}

static bool count_node(void *ctx, int level, uint64_t place, const struct merkle_hash *hash,
		       struct err *why)
{
	struct merkle_hash want = naive((size_t)place << level, (size_t)(place + 1) << level);

	(void)why;
	if (!merkle_same(hash, &want))
		return false;
	++*(size_t *)ctx;
	return true;
}

static bool refuse(void *ctx, int level, uint64_t place, const struct merkle_hash *hash,
		   struct err *why)
{
	(void)ctx;
	(void)level;
	(void)place;
	(void)hash;
	return err_set(why, ERR_IO, 0, "no");
}

static void growing(void)
{
	struct merkle_range r = { 0 };
	size_t nodes = 0;
	bool ok = true;

	for (size_t n = 0; n < MOST; n++) {
		struct merkle_hash want = naive(0, n), got;

		merkle_range_root(&r, &got);
		ok = ok && merkle_same(&want, &got) &&
		     merkle_range_add(&r, &leaves[n], count_node, &nodes, NULL);
	}
	CHECK("a growing tree has the roots of the whole one", ok && r.size == MOST);
	CHECK("each full subtree told once", nodes == 35 + 17 + 8 + 4 + 2 + 1);

	struct merkle_range was = r;

	CHECK("refused", merkle_range_add(&r, &leaves[0], NULL, NULL, NULL) &&
				 !merkle_range_add(&r, &leaves[1], refuse, NULL, NULL));
	CHECK("refused", r.size == was.size + 1);
}

int main(void)
{
	char hex[HASH_HEX_MAX];
	struct merkle_hash h;
	struct merkle_range empty = { 0 };

	merkle_leaf(STR(""), &h);
	CHECK("leaf of nothing", strcmp(hash_hex(h.b, MERKLE_LEN, hex),
					"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617"
					"afa01d") == 0);
	merkle_range_root(&empty, &h);
	CHECK("empty tree", strcmp(hash_hex(h.b, MERKLE_LEN, hex),
				   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8"
				   "55") == 0);
	for (size_t i = 0; i < MOST; i++) {
		char text[16];

		snprintf(text, sizeof text, "leaf %zu", i);
		merkle_leaf(str_of(text), &leaves[i]);
	}
	example();
	for (size_t size = 1; size < 40; size++)
		proofs(size);
	growing();
	return TEST_REPORT();
}
