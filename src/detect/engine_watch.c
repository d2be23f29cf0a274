/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_watch.c - what log sources look at in an event, as a key.
 *
 * Of a field counts whether it is there and which of the texts asked for its values are. What other atoms
 * of log sources say is left to engine_kind.c.
 */
#include "detect/engine.h"

#include "detect/engine_int.h"

#include <stdlib.h>

struct watcher {
	struct arena *a;
	struct watch *out;
	size_t fields_room, atoms_room;
	uint32_t depth;
};

static struct watched *field_of(struct watcher *w, uint32_t name)
{
	struct watch *out = w->out;

	for (size_t i = 0; i < out->n; i++)
		if (out->field[i].name == name)
			return &out->field[i];
	if (out->n == w->fields_room) {
		size_t room = w->fields_room == 0 ? 64 : 2 * w->fields_room;
		struct watched *all = NEW(w->a, struct watched, room);

		if (all == NULL)
			return NULL;
		if (out->n > 0)
			memcpy(all, out->field, out->n * sizeof *all);
		out->field = all;
		w->fields_room = room;
	}
	out->field[out->n] = (struct watched){ .name = name };
	return &out->field[out->n++];
}

static bool add_text(struct watcher *w, uint32_t name, struct str text)
{
	struct watched *f = field_of(w, name);
	size_t at = 0;

	if (f == NULL)
		return false;
	while (at < f->n && str_cmp(f->text[at], text) < 0)
		at++;
	if (at < f->n && str_eq(f->text[at], text))
		return true;
	struct str *all = NEW(w->a, struct str, f->n + 1); /* log sources are few */
	if (all == NULL)
		return false;
	if (at > 0)
		memcpy(all, f->text, at * sizeof *all);
	all[at] = text;
	if (at < f->n)
		memcpy(all + at + 1, f->text + at, (f->n - at) * sizeof *all);
	f->text = all;
	f->n++;
	return true;
}

static bool add_other(struct watcher *w, const struct atom *at)
{
	struct watch *out = w->out;

	if (at->field != FIELD_ANY && field_of(w, at->field) == NULL)
		return false;
	for (size_t i = 0; i < out->n_atoms; i++)
		if (out->atom[i] == at)
			return true;
	if (out->n_atoms == w->atoms_room) {
		size_t room = w->atoms_room == 0 ? 64 : 2 * w->atoms_room;
		const struct atom **all = NEW(w->a, const struct atom *, room);

		if (all == NULL)
			return false;
		if (out->n_atoms > 0)
			memcpy(all, out->atom, out->n_atoms * sizeof *all);
		out->atom = all;
		w->atoms_room = room;
	}
	out->atom[out->n_atoms++] = at;
	return true;
}

static bool add_atom(struct watcher *w, const struct atom *at)
{
	const struct pattern *p = &at->pattern;

	if (at->kind == ATOM_EXISTS)
		return field_of(w, at->field) != NULL;
	if (at->kind != ATOM_PATTERN || at->cased || at->field == FIELD_ANY || p->n > 1 ||
	    (p->n == 1 && p->piece[0].kind != PIECE_TEXT))
		return add_other(w, at);
	return add_text(w, at->field, p->n == 0 ? STR("") : p->piece[0].text);
}

static bool add_node(struct watcher *w, const struct node *v)
{
	if (v->kind == NODE_ATOM)
		return add_atom(w, v->atom);
	for (uint32_t i = 0; i < (v->kind == NODE_NOT ? 1 : v->n); i++)
		if (!add_node(w, v->kid[i]))
			return false;
	return true;
}

static bool number_places(struct arena *a, const struct rule_set *rs, struct watch *out)
{
	out->place = NEW(a, uint32_t, (size_t)rs->names.n + 1);
	for (size_t i = 0; out->place != NULL && i < out->n; i++)
		out->place[out->field[i].name] = (uint32_t)i + 1;
	return out->place != NULL;
}

bool watch_build(struct arena *a, const struct rule_set *rs, struct watch *out)
{
	struct watcher w = { .a = a, .out = out };
	bool *done = calloc(SOURCES_MAX, sizeof *done);
	bool ok = done != NULL;

	for (size_t i = 0; ok && i < rs->n_sources; i++)
		for (size_t k = 0; ok && k < rs->source[i].need.n; k++) {
			uint16_t entry = rs->source[i].need.entry[k];

			for (size_t s = 0; ok && !done[entry] && s < rs->map.entry[entry].n; s++)
				ok = add_node(&w, rs->map.entry[entry].shape[s].when);
			done[entry] = true;
		}
	free(done);
	return ok && number_places(a, rs, out);
}
