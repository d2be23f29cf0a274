/* SPDX-License-Identifier: Apache-2.0 */
#include "event/event.h"

struct str event_ecs(const struct event *ev, enum ecs id)
{
	for (uint32_t i = ev->n_raw; i < ev->n_fields; i++)
		if (ev->fields[i].id == id)
			return ev->fields[i].val;
	return (struct str){ NULL, 0 };
}

const struct field *event_raw(const struct event *ev, struct str bare)
{
	for (uint32_t i = 0; i < ev->n_raw; i++)
		if (str_eq_nocase(field_bare(&ev->fields[i]), bare))
			return &ev->fields[i];
	return NULL;
}
