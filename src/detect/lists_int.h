/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lists_int.h - how a list_set is laid out; shared by lists_*.c only.
 *
 *   entries[]   one 20-byte record an indicator, in the order they came
 *   blob        what does not fit in a record: 4-byte units; text has its length in front
 *   notes       each text once, its length in front; in front of it, where the line has its own, its validity
 *   tables[]    by class: a blocked Bloom filter in front of open-addressed slots
 *               { fingerprint, first entry }; entries of the same value in other lists hang on
 *               `next`, known-good ones first. Lines of a list that say the same: lists_same.c
 *   ranges      prefixes sorted by (start, length), each once a list (as above) and knowing the one around it
 */
#ifndef DETECT_LISTS_INT_H
#define DETECT_LISTS_INT_H

#include "detect/lists.h"

enum table_class { T_ADDR, T_NAME, T_URL, T_HASH, T_MAIL, T_FILE, T_N };
enum { NO_ENTRY = UINT32_MAX };

struct entry {
	uint32_t val;  /* IPv4 address, or its place in the blob in units of 4 bytes */
	uint32_t note; /* place in the notes + 1 */
	uint32_t line, next;
	uint16_t list;
	uint8_t type; /* enum indicator_type */
	uint8_t v4 : 1;
	uint8_t dated : 1; /* its note begins with its validity: from, until */
};

struct slot {
	uint32_t mark, ent; /* ent: the number of the entry from 1; 0: empty */
};

struct table {
	uint64_t *bloom; /* pages of their own, as the slots */
	struct slot *slots;
	uint64_t bloom_mask, slot_mask;
	size_t n;
};

struct pfx4 {
	uint32_t start, ent, around;
	uint8_t len;
};
struct pfx6 {
	struct addr start;
	uint32_t ent, around;
	uint8_t len;
};

struct bytes {
	unsigned char *p; /* owned */
	size_t n, cap;
};

struct list_set {
	uint64_t seed;
	struct entry *ents; /* owned, as all below */
	size_t n_ents, cap_ents;
	struct bytes blob, notes;
	struct table tables[T_N];
	uint64_t *url_hosts; /* Bloom filter of the hosts that URLs name */
	uint64_t url_hosts_mask;
	uint64_t tlds[1024]; /* last labels of names, URL hosts, files, by hash */
	struct pfx4 *pfx4;
	struct pfx6 *pfx6;
	size_t n_pfx4, n_pfx6;
	uint32_t *by16;       /* where the prefixes of each upper half of an address begin */
	uint64_t any16[1024]; /* upper halves that some prefix touches */
	uint64_t *any24;      /* the same of three bytes, where prefixes are many; else NULL */
	size_t n_v4, n_v6;    /* addresses */
	struct list_info *lists;
	size_t n_lists;
	struct arena names; /* whole; what list_info points into */
};

static inline uint64_t mix64(uint64_t x)
{
	x ^= x >> 32;
	x *= UINT64_C(0xd6e8feb86659fd93);
	x ^= x >> 29;
	x *= UINT64_C(0xd6e8feb86659fd93);
	return x ^ x >> 32;
}

/* Hash of a name from right to left, of a URL's path from left to right: one step, then the end. */
static inline uint64_t roll(uint64_t h, char c)
{
	return (h ^ (unsigned char)c) * UINT64_C(0x9E3779B97F4A7C15);
}

static inline uint64_t hash_v4(const struct list_set *set, uint32_t a)
{
	return mix64(a * UINT64_C(0x9E3779B97F4A7C15) ^ set->seed);
}

/* What a look for that hash will read, on its way. */
static inline void table_fetch(const struct table *t, uint64_t h)
{
	__builtin_prefetch(&t->bloom[h >> 34 & t->bloom_mask]);
}

static inline uint64_t bloom_bits(uint64_t h)
{
	return UINT64_C(1) << (h & 63) | UINT64_C(1) << (h >> 6 & 63) |
	       UINT64_C(1) << (h >> 12 & 63) | UINT64_C(1) << (h >> 18 & 63);
}

static inline bool bloom_has(const uint64_t *bloom, uint64_t mask, uint64_t h)
{
	uint64_t bits = bloom_bits(h);

	return (bloom[h >> 34 & mask] & bits) == bits;
}

/* Does a prefix touch the surroundings of this IPv4 address? */
static inline bool touches_v4(const struct list_set *set, uint32_t a)
{
	if ((set->any16[a >> 22] >> (a >> 16 & 63) & 1) == 0)
		return false;
	return set->any24 == NULL || (set->any24[a >> 14] >> (a >> 8 & 63) & 1) != 0;
}

static inline bool tld_known(const struct list_set *set, uint64_t h)
{
	return set->tlds[h >> 6 & 1023] >> (h & 63) & 1;
}

static inline bool entry_good(const struct list_set *set, const struct entry *e)
{
	return set->lists[e->list].kind == LIST_KNOWN_GOOD;
}

uint64_t hash_addr(const struct list_set *set, const struct addr *a);
/* Without the final mix64, so that it can be rolled on: a name from right to left, then the path. */
uint64_t hash_name(const struct list_set *set, struct str name);
uint64_t hash_path(uint64_t h, struct str path);
/* The text of a name, URL or e-mail entry; the bytes of a digest. */
struct str entry_text(const struct list_set *set, const struct entry *e);
struct range entry_range(const struct list_set *set, const struct entry *e);
struct str entry_note(const struct list_set *set, const struct entry *e);

/* The class an entry is looked up in; T_N for ranges. */
enum table_class class_of(enum indicator_type t);

MUST_USE bool ranges_build(struct list_set *set);
void ranges_free(struct list_set *set);

#endif
