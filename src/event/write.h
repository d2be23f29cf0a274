/* SPDX-License-Identifier: Apache-2.0 */
/*
 * write.h - an event as JSON, the same for search, alerts, hunts and the API.
 */
#ifndef EVENT_WRITE_H
#define EVENT_WRITE_H

#include "base/jsonw.h"
#include "event/event.h"

/* {"name": "value", "name": ["value", "value"], ...}: every field, raw ones first, ECS ones after; a
 * name that stands several times is an array. An ECS name that the record uses itself is written once. */
void event_write_fields(struct jsonw *w, const struct event *ev);
/* Of these: the value of fields[i], or the values of all of its run that bear its name as an array. */
void event_write_values(struct jsonw *w, const struct event *ev, uint32_t i);
/* Whether fields[i] repeats a name that stood before it. */
bool event_write_repeats(const struct event *ev, uint32_t i);

#endif
