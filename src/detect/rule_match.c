/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_match.c - an event runs the chains of rules whose log source it belongs to.
 */
#include "detect/rule_set.h"

#include "detect/engine_int.h"

#include <stdlib.h>

enum fit { FIT_UNKNOWN, FIT_NO, FIT_FIRST /* + number of the shape */ };

bool rule_set_compile(struct rule_set *rs, struct err *why)
{
	rs->engine = engine_new(rs, why);
	return rs->engine != NULL;
}

struct rule_scratch *rule_scratch_plain(const struct rule_set *rs)
{
	struct rule_scratch *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->rs = rs;
	s->sigma = sigma_scratch_new(&rs->names);
	if (s->sigma != NULL)
		return s;
	rule_scratch_free(s);
	return NULL;
}

struct rule_scratch *rule_scratch_new(const struct rule_set *rs)
{
	struct rule_scratch *s = rule_scratch_plain(rs);

	if (s == NULL || rs->engine == NULL)
		return s;
	s->engine = engine_scratch_new(rs->engine, true);
	if (s->engine != NULL && sigma_scratch_know(s->sigma))
		return s;
	rule_scratch_free(s);
	return NULL;
}

void rule_scratch_free(struct rule_scratch *s)
{
	if (s == NULL)
		return;
	sigma_scratch_free(s->sigma);
	engine_scratch_free(s->engine);
	free(s);
}

/* The shape of an entry that the event has, or NULL. */
static const struct source_shape *fit(struct rule_scratch *s, uint16_t entry)
{
	const struct source_entry *e = &s->rs->map.entry[entry];

	if (s->fit[entry] == FIT_UNKNOWN) {
		size_t k = 0;

		while (k < e->n && !sigma_holds(s->sigma, e->shape[k].when, NULL, 0, NULL))
			k++;
		s->fit[entry] = (uint16_t)(k < e->n ? FIT_FIRST + k : FIT_NO);
	}
	return s->fit[entry] == FIT_NO ? NULL : &e->shape[s->fit[entry] - FIT_FIRST];
}

bool rule_source_fits(struct rule_scratch *s, const struct source_need *need,
		      const struct source_shape **shape)
{
	static const struct source_shape plain;

	*shape = &plain;
	for (size_t i = 0; i < need->n; i++) {
		const struct source_shape *one = fit(s, need->entry[i]);

		if (one == NULL && !need->any)
			return false;
		if (one != NULL && one->n_renames > 0)
			*shape = one;
		if (one != NULL && need->any)
			return true;
	}
	return !need->any;
}

void rule_scratch_look(struct rule_scratch *s, const struct event *ev)
{
	sigma_event(s->sigma, ev);
	memset(s->fit, 0, s->rs->map.n * sizeof *s->fit);
}

bool rule_scratch_belongs(struct rule_scratch *s, size_t source, const struct rename **rename,
			  size_t *n_renames)
{
	const struct source_shape *shape;

	if (!rule_source_fits(s, &s->rs->source[source].need, &shape))
		return false;
	*rename = shape->rename;
	*n_renames = shape->n_renames;
	return true;
}

void rule_set_match(const struct rule_set *rs, struct rule_scratch *s, const struct event *ev,
		    rule_hit_fn *fn, void *ctx)
{
	sigma_event(s->sigma, ev);
	if (s->engine != NULL) {
		s->gave_up = !engine_match(s->engine, s, fn, ctx);
		return;
	}
	memset(s->fit, 0, rs->map.n * sizeof *s->fit);
	for (size_t i = 0; i < rs->n_sources; i++) {
		const struct source_shape *shape;

		if (!rule_source_fits(s, &rs->source[i].need, &shape))
			continue;
		s->seen[i]++;
		for (uint32_t k = rs->source[i].first; k != NO_RULE; k = rs->rule[k]->next) {
			struct sigma_match where;

			if (sigma_holds(s->sigma, rs->rule[k]->sigma.condition, shape->rename,
					shape->n_renames, &where))
				fn(ctx, k, &where);
		}
	}
}

bool rule_scratch_gave_up(const struct rule_scratch *s)
{
	return s->gave_up;
}

uint64_t rule_scratch_seen(const struct rule_scratch *s, size_t i)
{
	return s->engine != NULL ? engine_seen(s->engine, i) : s->seen[i];
}

struct sigma_scratch *rule_scratch_sigma(struct rule_scratch *s)
{
	return s->sigma;
}
