/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_control.c - control events stand under a source of their own, "canary", so that they count
 * as nobody's; a heartbeat becomes a hit that desk takes over exactly once.
 */
#include "proc/pipeline_int.h"

#include "base/log.h"
#include "detect/hit.h"
#include "proc/expected.h"
#include "respond/hits.h"

static bool find_source(struct pipeline *p, const struct chunk *c, uint32_t *out)
{
	enum source_kind kind;
	struct err why = { 0 };

	if (source_kind_find(str_of(door_name(c->door)), &kind) &&
	    store_source(p->store, kind, c->peer, c->name, out, &why) && *out < MAX_SOURCES)
		return true;
	log_error("no source for what came in: %s", why.text);
	return false;
}

static bool find_canary(struct pipeline *p, uint32_t *out)
{
	struct err why = { 0 };

	if (store_source(p->store, SOURCE_CANARY, STR(""), STR("canh"), out, &why) &&
	    *out < MAX_SOURCES)
		return true;
	log_error("no source for control events: %s", why.text);
	return false;
}

static bool any_dropped(const struct chunk *c)
{
	for (int i = 0; i < DROP_COUNT; i++)
		if (c->dropped[i] > 0)
			return true;
	return false;
}

static void find_controls(struct pipeline *p, const struct chunk *c, struct sides *s)
{
	for (size_t i = 0; i < c->n && s->n < SIDE_CONTROLS; i++)
		if (expected_control(p->calls.expected, c->records[i], door_name(c->door), c->name))
			s->control[s->n++] = i;
}

bool sides_find(struct pipeline *p, const struct chunk *c, struct sides *out)
{
	struct sides s = { .n = 0 };

	if (p->calls.expected != NULL)
		find_controls(p, c, &s);
	if (s.n > 0 && !find_canary(p, &s.canary))
		return false;
	/* a connection that ended without a word of its own makes no row, either */
	bool only = s.n == c->n && !any_dropped(c);
	if (!only && !find_source(p, c, &s.source))
		return false;
	*out = s;
	return true;
}

uint32_t sides_of(const struct sides *s, size_t record)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->control[i] == record)
			return s->canary;
	return s->source;
}

void pipeline_beat(struct pipeline *p, struct str record, const struct store_ref *ref)
{
	static const struct rule_info rule = { .id = STR(HEARTBEAT_RULE),
					       .title = STR(HEARTBEAT_RULE) };
	struct hit hit = {
		.kind = HIT_RULE, .severity = SEV_INFORMATIONAL, .use = HIT_CONTEXT, .rule = &rule
	};
	struct err why = { 0 };

	if (p->calls.expected == NULL || !expected_beat(p->calls.expected, record, &hit.text))
		return;
	if (!store_hit(p->store, ref, &hit, &why))
		log_error("a heartbeat could not be noted: %s", why.text);
}
