/* SPDX-License-Identifier: Apache-2.0 */
/* correl_hit.c - "User, ComputerName" and "alice, ws1 (12)": the fields, their values, what was counted. */
#include "detect/correl_hit.h"

enum { SHOWN_MAX = 200 };

static struct str list(struct arena *a, const struct str *v, size_t n)
{
	struct str out = STR("");

	for (size_t i = 0; i < n && out.p != NULL; i++)
		out = arena_printf(a, "%.*s%s%.*s", STR_ARG(out), i > 0 ? ", " : "",
				   STR_ARG(str_sub(v[i], 0, SHOWN_MAX)));
	return out;
}

bool correl_hit(struct arena *a, const struct rule_set *rs, const struct correl_fire *f,
		struct hit *out)
{
	const struct sigma_correlation *x = f->what->x;
	const struct rule_info *info = rule_set_at(rs, f->what->rule);
	struct hit_window *w = NEW(a, struct hit_window, 1);
	struct str field = list(a, x->group, x->n_group), text = list(a, f->group, x->n_group);

	if (w == NULL || field.p == NULL || text.p == NULL)
		return false;
	text = arena_printf(a, "%.*s%s(%g)", STR_ARG(text), text.n > 0 ? " " : "", f->value);
	*w = (struct hit_window){ .from = f->from,
				  .to = f->to,
				  .events = f->events,
				  .value = f->value,
				  .name = x->group,
				  .group = f->group,
				  .n = x->n_group };
	*out = (struct hit){ .kind = HIT_RULE,
			     .severity = info->severity,
			     .use = (uint8_t)(info->part
						      ? HIT_COUNT
						      : hit_use_of((enum severity)info->severity)),
			     .rule = info,
			     .window = w,
			     .field = field,
			     .text = text };
	return text.p != NULL;
}
