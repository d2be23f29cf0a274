/* SPDX-License-Identifier: Apache-2.0 */
/* ways.c - a short list, searched once for each chunk. */
#include "proc/ways.h"

#include "event/formats.h"

bool ways_make(struct arena *a, const struct config *c, struct ways *out, struct err *why)
{
	*out = (struct ways){ NEW(a, struct way, c->n_way), 0 };
	if (out->all == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (size_t i = 0; i < c->n_way; i++) {
		const struct source_way *s = &c->way[i];
		struct way *w = &out->all[out->n++];

		w->from = arena_str(a, s->from);
		w->format = format_find(s->format);
		if (s->zone.n > 0 && (w->zone = zone_load(s->zone, why)) == NULL)
			return false;
		if (w->from.p == NULL)
			return err_set(why, ERR_LIMIT, 0, "no memory");
	}
	return true;
}

void ways_free(struct ways *w)
{
	for (size_t i = 0; i < w->n; i++)
		zone_free(w->all[i].zone);
	w->n = 0;
}

const struct way *ways_find(const struct ways *w, struct str name, struct str peer)
{
	for (size_t i = 0; i < w->n; i++)
		if ((name.n > 0 && str_eq(w->all[i].from, name)) ||
		    (peer.n > 0 && str_eq(w->all[i].from, peer)))
			return &w->all[i];
	return NULL;
}
