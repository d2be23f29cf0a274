/* SPDX-License-Identifier: Apache-2.0 */
/*
 * merkle.h - the tree of RFC 9162, section 2.1, over SHA-256: leaf 0x00, node 0x01.
 *
 * A full subtree is a node (level, place): it covers the leaves place * 2^level up to
 * (place + 1) * 2^level. Whoever keeps all full subtrees can make any root and any proof in
 * O(log n) or O(log^2 n) reads. Checks are pure and read hostile proofs.
 */
#ifndef STATE_MERKLE_H
#define STATE_MERKLE_H

#include "base/err.h"
#include "base/hash.h"

enum { MERKLE_LEN = HASH_SHA256_LEN, MERKLE_LEVELS = 63 };

struct merkle_hash {
	unsigned char b[MERKLE_LEN];
};
bool merkle_same(const struct merkle_hash *a, const struct merkle_hash *b);

void merkle_leaf(struct str bytes, struct merkle_hash *out);
void merkle_node(const struct merkle_hash *left, const struct merkle_hash *right,
		 struct merkle_hash *out);

/* A tree that only grows, kept as its full subtrees from large to small. Zero-initialise. */
struct merkle_range {
	uint64_t size;
	struct merkle_hash peak[MERKLE_LEVELS]; /* [level], used where size has that bit */
};
/* Told of each full subtree above the leaves that a leaf completed, from small to large. */
typedef bool merkle_done_fn(void *ctx, int level, uint64_t place, const struct merkle_hash *hash,
			    struct err *why);
/* Add a leaf; `done` may be NULL. On failure (of `done`) the range is untouched. */
MUST_USE bool merkle_range_add(struct merkle_range *r, const struct merkle_hash *leaf,
			       merkle_done_fn *done, void *ctx, struct err *why);
void merkle_range_root(const struct merkle_range *r, struct merkle_hash *out);

/* Where full subtrees are kept. */
struct merkle_store {
	bool (*node)(void *ctx, int level, uint64_t place, struct merkle_hash *out,
		     struct err *why);
	void *ctx;
};
/* The full subtrees of a tree of `size`, to go on from. */
MUST_USE bool merkle_range_load(const struct merkle_store *s, uint64_t size,
				struct merkle_range *out, struct err *why);
MUST_USE bool merkle_root(const struct merkle_store *s, uint64_t size, struct merkle_hash *out,
			  struct err *why);

struct merkle_proof {
	size_t n;
	struct merkle_hash hash[MERKLE_LEVELS + 1];
};
/* That leaf `at` (from 0) stands in the tree of `size`; at < size. */
MUST_USE bool merkle_prove_leaf(const struct merkle_store *s, uint64_t at, uint64_t size,
				struct merkle_proof *out, struct err *why);
bool merkle_check_leaf(const struct merkle_proof *proof, const struct merkle_hash *leaf,
		       uint64_t at, uint64_t size, const struct merkle_hash *root);
/* That the tree of `size` begins with the tree of `from`; 0 < from <= size. */
MUST_USE bool merkle_prove_growth(const struct merkle_store *s, uint64_t from, uint64_t size,
				  struct merkle_proof *out, struct err *why);
bool merkle_check_growth(const struct merkle_proof *proof, uint64_t from,
			 const struct merkle_hash *old_root, uint64_t size,
			 const struct merkle_hash *root);

#endif
