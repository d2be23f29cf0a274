/* SPDX-License-Identifier: Apache-2.0 */
/* lists_file.c - what the lists say about a file in hand: its digests, its name, the end of its path. */
#include "detect/found_int.h"

uint64_t list_set_count(const struct list_set *set, enum indicator_type type)
{
	uint64_t n = 0;

	for (size_t i = 0; i < set->n_ents; i++)
		n += set->ents[i].type == type;
	return n;
}

uint64_t list_set_count_told(const struct list_set *set, enum indicator_type type, int64_t at)
{
	uint64_t n = 0;

	for (size_t i = 0; i < set->n_ents; i++) {
		const struct entry *e = &set->ents[i];

		n += e->type == type && !entry_good(set, e) &&
		     set->lists[e->list].kind != LIST_INFECTED && entry_in_force(set, e, at);
	}
	return n;
}

static const struct list_info *first_good(const struct list_set *set, const struct found *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct entry *e = &set->ents[f->ent[i]];

		if (entry_good(set, e) && entry_in_force(set, e, f->at))
			return &set->lists[e->list];
	}
	return NULL;
}

bool list_set_match_file(const struct list_set *set, const struct list_file_facts *f,
			 struct arena scratch, list_hit_fn *fn, void *ctx,
			 const struct list_info **good)
{
	static const enum indicator_type types[] = {
		[HASH_SHA256] = IND_SHA256, [HASH_SHA1] = IND_SHA1, [HASH_MD5] = IND_MD5
	};
	struct found_hit hits[FOUND_MAX];
	struct list_text in = { f->path, f->at };
	struct found met = { .at = f->at };

	for (size_t i = 0; i < COUNT(types); i++)
		if (f->sum[i] != NULL)
			find_hash(set, types[i], f->sum[i], &met);
	*good = first_good(set, &met);
	find_path(set, f->path, &met);
	size_t n = met.n == 0 ? 0 : found_hits(set, &met, &in, &scratch, hits);

	for (size_t i = 0; i < n; i++) {
		struct hit *h = &hits[i].hit;

		if (!h->in_force)
			continue;
		h->severity = (uint8_t)(hits[i].held ? SEV_INFORMATIONAL : SEV_HIGH);
		h->use = (uint8_t)(hits[i].held ? HIT_COUNT : HIT_ALERT);
		if (!fn(ctx, h, 0))
			return false;
	}
	return true;
}
