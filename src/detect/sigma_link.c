/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_link.c - which fields of an event a name means. Of events of one shape (event/event.h) that is the
 * same but for the ECS names, so it is found once.
 *
 * Invariant: links are of the event at hand; sigma_event() drops those of the one before by moving the
 * stamp on and resetting the arena.
 */
#include "detect/sigma_eval.h"

#include "detect/sigma_eval_int.h"

#include <stdlib.h>

enum { KNOWN_SHAPES = 1024 };
#define SHAPES_ROOM ((size_t)2 << 20)
#define ARENA_KEPT ((size_t)4 << 20) /* pages of it that stay from one event to the next */

bool sigma_scratch_know(struct sigma_scratch *s)
{
	if (s->known == NULL)
		s->known = calloc(KNOWN_NAMES, sizeof *s->known);
	if (s->shape == NULL)
		s->shape = calloc(KNOWN_SHAPES, sizeof *s->shape);
	if (s->shapes_whole.beg == NULL && !arena_reserve(&s->shapes_whole, SHAPES_ROOM))
		return false;
	s->shapes = s->shapes_whole;
	return s->known != NULL && s->shape != NULL;
}

void sigma_link_fini(struct sigma_scratch *s)
{
	free(s->known);
	free(s->shape);
	if (s->shapes_whole.beg != NULL)
		arena_release(s->shapes_whole);
}

/* The end of a name tells it apart: beginnings are paths that many share. */
static size_t place_of(struct str name, uint8_t bare_at)
{
	uint64_t w = 0;
	size_t n = name.n < 8 ? name.n : 8;

	memcpy(&w, name.p + name.n - n, n);
	w = (w ^ name.n << 8 ^ bare_at) * UINT64_C(0xD6E8FEB86659FD93);
	return (size_t)(w >> 40) % KNOWN_NAMES;
}

/* The numbers of a field's names, told in what stands for good or in *room. */
static const struct known_name *know(struct sigma_scratch *s, const struct field *f,
				     struct known_name *room)
{
	struct str name = f->name;
	struct known_name *k = room;

	if (s->known != NULL && name.n > 0 && name.n <= sizeof k->text) {
		k = &s->known[place_of(name, f->bare)];
		if (k->len == name.n && k->bare_at == f->bare &&
		    memcmp(k->text, name.p, name.n) == 0)
			return k;
		memcpy(k->text, name.p, name.n);
		k->len = (uint8_t)name.n;
		k->bare_at = f->bare;
	}
	k->whole = names_find(s->names, name);
	k->bare = f->bare > 0 ? names_find(s->names, field_bare(f)) : k->whole;
	return k;
}

static void add_link(struct sigma_scratch *s, uint32_t id, uint32_t field, uint8_t tier)
{
	if (id == NAME_NONE)
		return;
	struct slot *slot = &s->slot[id];
	if (slot->stamp != s->stamp) {
		*slot = (struct slot){ s->stamp, NO_LINK, tier };
		s->there[s->n_there++] = id;
	}
	if (slot->tier != tier)
		return; /* a name that counts more is there already */
	s->link[s->n_links] = (struct link){ field, slot->first };
	slot->first = s->n_links++;
}

/* Backwards, as each goes to the front. */
static void link_names(struct sigma_scratch *s, const struct event *ev)
{
	struct known_name room;
	bool paths = false;

	for (uint32_t i = ev->n_raw; i-- > 0;) {
		add_link(s, know(s, &ev->fields[i], &room)->bare, i, 3);
		paths = paths || ev->fields[i].bare > 0;
	}
	for (uint32_t i = ev->n_raw; paths && i-- > 0;)
		if (ev->fields[i].bare > 0)
			add_link(s, know(s, &ev->fields[i], &room)->whole, i, 2);
}

/* What was linked of raw fields, for the next event of that shape. */
static bool keep_shape(struct sigma_scratch *s, uint64_t shape, struct shape_links *out)
{
	struct link *link = NEW(&s->shapes, struct link, s->n_links + 1);
	struct shape_name_link *name = NEW(&s->shapes, struct shape_name_link, s->n_there + 1);

	if (link == NULL || name == NULL)
		return false;
	memcpy(link, s->link, s->n_links * sizeof *link);
	for (uint32_t i = 0; i < s->n_there; i++) {
		const struct slot *slot = &s->slot[s->there[i]];

		name[i] = (struct shape_name_link){ s->there[i], slot->first, slot->tier };
	}
	*out = (struct shape_links){ shape, s->n_links, s->n_there, link, name };
	return true;
}

static void as_before(struct sigma_scratch *s, const struct shape_links *known)
{
	memcpy(s->link, known->link, known->n_links * sizeof *s->link);
	s->n_links = known->n_links;
	for (uint32_t i = 0; i < known->n_names; i++) {
		const struct shape_name_link *name = &known->name[i];

		s->slot[name->id] = (struct slot){ s->stamp, name->first, name->tier };
		s->there[i] = name->id;
	}
	s->n_there = known->n_names;
}

static void link_raw(struct sigma_scratch *s, const struct event *ev)
{
	struct shape_links *known = s->shape != NULL && ev->shape != 0 && ev->n_raw > 0
					    ? &s->shape[ev->shape % KNOWN_SHAPES]
					    : NULL;

	if (known != NULL && known->shape == ev->shape) {
		as_before(s, known);
		return;
	}
	link_names(s, ev);
	if (known == NULL || keep_shape(s, ev->shape, known))
		return;
	/* full: forget all */
	memset(s->shape, 0, KNOWN_SHAPES * sizeof *s->shape);
	s->shapes = s->shapes_whole;
	if (!keep_shape(s, ev->shape, known))
		known->shape = 0;
}

static void link_ecs(struct sigma_scratch *s, const struct event *ev)
{
	struct known_name room;

	for (uint32_t i = ev->n_fields; i-- > ev->n_raw;) {
		const struct field *f = &ev->fields[i];
		bool own = f->id != ECS_NONE && f->id < ECS_COUNT &&
			   f->name.p == ecs_text((enum ecs)f->id).p;

		add_link(s, own ? s->ecs[f->id] : know(s, f, &room)->whole, i, 1);
	}
}

void sigma_event(struct sigma_scratch *s, const struct event *ev)
{
	if ((size_t)(s->a.beg - s->whole.beg) > ARENA_KEPT)
		arena_trim(s->whole, ARENA_KEPT);
	s->a = s->whole;
	s->ev = ev;
	s->work = 0;
	s->n_links = s->n_there = 0;
	if (++s->stamp == 0) { /* once in 2^32 events */
		memset(s->slot, 0, s->names->n * sizeof *s->slot);
		s->stamp = 1;
	}
	s->link = NEW(&s->a, struct link, 2 * (size_t)ev->n_fields);
	s->there = NEW(&s->a, uint32_t, 2 * (size_t)ev->n_fields);
	s->folded = NEW(&s->a, struct str, (size_t)ev->n_fields + 1);
	if (s->link == NULL || s->there == NULL || s->folded == NULL) {
		static const struct event nothing;

		s->undecided++;
		s->ev = &nothing;
		return;
	}
	link_raw(s, ev);
	link_ecs(s, ev);
}

uint32_t sigma_first(const struct sigma_scratch *s, uint32_t name)
{
	for (size_t i = 0; i < s->n_renames; i++)
		if (s->rename[i].from == name) {
			name = s->rename[i].to;
			break;
		}
	return s->slot[name].stamp == s->stamp ? s->slot[name].first : NO_LINK;
}
