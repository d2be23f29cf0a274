/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tick.c - every measure of every directive, looked at and kept: one transaction a minute.
 */
#include "govern/govern.h"
#include "govern/look_int.h"
#include "state/state.h"

enum { LIVE_MAX = 64 << 20 };

static bool evaluate(const struct look *t, struct arena a, const struct measure *m, bool *changed)
{
	const struct subject s = { t->db, t->unit, t->d, m, t->now, NULL };
	struct attestation by;
	struct result r;

	return attestation_get(&s, &a, &by, t->why) && look_measure(t, &a, m, &by, &r) &&
	       result_put(&s, a, &r, changed, t->why);
}

/* --- all --- */

static bool run(struct look *t, struct arena a, const struct directives *all, size_t *changed)
{
	for (size_t i = 0; i < all->n; i++) {
		t->d = &all->items[i];
		if (!look_ready(t))
			return false;
		for (size_t k = 0; k < t->d->n_measures; k++) {
			bool moved = false;

			if (!evaluate(t, a, &t->d->measures[k], &moved))
				return false;
			*changed += moved;
		}
	}
	return true;
}

bool govern_tick(const struct govern_view *v, const struct directives *all,
		 const struct live_facts *live, size_t *changed, struct err *why)
{
	struct look t = { .db = v->db, .live_at = live->at, .now = v->now, .why = why };
	struct json *facts = NULL;
	char unit[UUID_MAX];
	size_t moved = 0;

	if (live->json.n > 0 && !json_parse(live->json, LIVE_MAX, &facts, why))
		return false;
	t.live = facts;
	t.unit = unit;
	bool ok = db_begin(v->db, why);
	if (ok) {
		ok = state_unit(v->db, unit, why) && run(&t, v->a, all, &moved);
		ok = db_leave(v->db, ok, why);
	}
	json_free(facts);
	if (ok && changed != NULL)
		*changed = moved;
	return ok;
}
