/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correl_sight.c - the reference evaluator's way to find fields; only events that a correlated rule holds
 * for come here.
 */
#include "detect/correl_sight.h"

#include <stdlib.h>

enum { VALUES_MAX = 16 };

struct sight_scratch {
	const struct rule_set *rs;
	struct rule_scratch *rules;
	const struct event *ev;
};

struct sight_scratch *sight_scratch_new(const struct rule_set *rs)
{
	struct sight_scratch *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->rs = rs;
	s->rules = rule_scratch_plain(rs);
	if (s->rules != NULL)
		return s;
	free(s);
	return NULL;
}

void sight_scratch_free(struct sight_scratch *s)
{
	if (s == NULL)
		return;
	rule_scratch_free(s->rules);
	free(s);
}

void sight_event(struct sight_scratch *s, const struct event *ev)
{
	s->ev = ev;
	rule_scratch_look(s->rules, ev);
}

bool sight_take(struct sight_scratch *s, uint32_t rule, struct arena *a, struct sighting *out)
{
	const struct rename *rename = NULL;
	size_t n_renames = 0, n_needs, n = 0;
	const uint32_t *need = rule_set_needs(s->rs, rule, &n_needs);
	struct sight_field *field = NEW(a, struct sight_field, n_needs * VALUES_MAX);

	if (field == NULL)
		return false;
	if (!rule_scratch_belongs(s->rules, rule_set_source_of(s->rs, rule), &rename, &n_renames))
		n_renames = 0;
	for (size_t i = 0; i < n_needs; i++) {
		struct str value[VALUES_MAX];
		size_t k = sigma_values(rule_scratch_sigma(s->rules), need[i], rename, n_renames,
					value, VALUES_MAX);

		for (size_t j = 0; j < k; j++)
			field[n++] = (struct sight_field){ need[i], value[j] };
	}
	*out = (struct sighting){ .rule = rule,
				  .time = s->ev->time,
				  .received = s->ev->received,
				  .field = field,
				  .n = n };
	return true;
}
