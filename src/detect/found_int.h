/* SPDX-License-Identifier: Apache-2.0 */
/* found_int.h - values looked up in a list_set, and hits made of what was found; for lists_*.c only. */
#ifndef DETECT_FOUND_INT_H
#define DETECT_FOUND_INT_H

#include "detect/lists_int.h"

/* What one value met: entries, how narrowly each names it. */
enum { FOUND_MAX = 64, FOUND_GOOD = 16 }; /* GOOD: of them for known-good lists, and for no other */
struct found {
	int64_t at; /* when: what is not valid then gives its place to what is; TIME_NONE: all is */
	uint32_t ent[FOUND_MAX];
	uint16_t narrow[FOUND_MAX]; /* bits of an address, bytes of a name; exact things 65535 */
	size_t n, n_good;
};
void find_addr(const struct list_set *set, const struct addr *a, struct found *out);
/* `name` in lower case and punycode: itself and every parent of two labels or more. */
void find_name(const struct list_set *set, struct str name, struct found *out);
/* `path` begins behind the host (and port) and may run on behind the URL. */
void find_url(const struct list_set *set, struct str host, struct str path, struct found *out);
void find_hash(const struct list_set *set, enum indicator_type type, const unsigned char *sum,
	       struct found *out);
void find_mail(const struct list_set *set, struct str mail, struct found *out); /* lower case */
/* `path` in comparable form: its name, and each end of the path that begins with a folder. In `text` a
 * blank, a colon or a bracket may stand in front of it, too. */
void find_file(const struct list_set *set, struct str path, bool text, struct found *out);
/* The same of a path as it is written anywhere; of a long one the end. */
void find_path(const struct list_set *set, struct str path, struct found *out);
/* A value as a table looks for it: `a` and `b` one after the other (16 bytes of an address, the bytes
 * of a digest, text). */
struct key {
	struct str a, b;
	uint8_t type; /* T_HASH: the type must be the same */
};
bool same_value(const struct list_set *set, const struct entry *e, enum table_class c,
		const struct key *key);

void ranges_find(const struct list_set *set, const struct addr *a, struct found *out);
void found_add(const struct list_set *set, struct found *f, uint32_t head, unsigned narrow);

/* Makes hits of what was found (kinds infected and known-good give none) and says which known-good
 * list holds them down; `judge` then sets severity and use. */
struct found_hit {
	struct hit hit;
	bool held; /* a known-good list names it as narrowly */
};
size_t found_hits(const struct list_set *set, const struct found *f, const struct list_text *text,
		  struct arena *a, struct found_hit out[FOUND_MAX]);
/* Where the line says nothing of it both are TIME_NONE. */
void entry_validity(const struct list_set *set, const struct entry *e, int64_t *from,
		    int64_t *until);

/* Is what is valid by `other` valid by `e` always? Both are of one list. */
bool entry_covers(const struct list_set *set, const struct entry *e, const struct entry *other);

/* Do the entries of its list, on the chain from `first` on, say all that this one of the same value says?
 * Then it is not hung there. Which line an entry stands for may change in this; of very many those that end
 * last stay. */
bool entry_said(struct list_set *set, uint32_t first, struct entry *e);

/* Are the list and the line valid at that time? TIME_NONE: any is. */
bool entry_in_force(const struct list_set *set, const struct entry *e, int64_t at);

/* list_set_match_text() with the given finders; lists_text_fuzz.c compares them. */
struct scan_ops;
bool lists_search(const struct list_set *set, const struct scan_ops *ops, struct list_text text,
		  struct arena scratch, list_hit_fn *fn, void *ctx);

#endif
