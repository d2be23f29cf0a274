/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_key.c - what the fields that log sources look at hold in an event, as words.
 *
 * A key is, for each of those fields that is there, its place, the classes of its values and how many
 * these are: so no two differ only in where one part ends.
 */
#include "detect/engine.h"

#include "base/num.h"
#include "detect/engine_int.h"

#include <stdlib.h>

enum { CLASSES_MAX = 8, CLASS_NULL = 1, CLASS_OTHER = 2, CLASS_TEXT = 3 };
enum { MEMO_CELLS = 512, MEMO_TEXT = 55 };

/* A value that was met before. */
struct met {
	uint32_t place, said;
	uint8_t len; /* 0: free */
	char text[MEMO_TEXT];
};

struct watch_memo {
	struct met met[MEMO_CELLS];
	uint32_t there[]; /* room for the place of each field */
};

struct watch_memo *watch_memo_new(const struct watch *w)
{
	return calloc(1, sizeof(struct watch_memo) + (w->n + 1) * sizeof(uint32_t));
}

void watch_memo_free(struct watch_memo *m)
{
	free(m);
}

static uint32_t class_of(const struct watched *f, struct str folded)
{
	size_t lo = 0, hi = f->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int cmp = str_cmp(f->text[mid], folded);

		if (cmp == 0)
			return CLASS_TEXT + (uint32_t)mid;
		if (cmp < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return CLASS_OTHER;
}

/* Where a value would stand; it has one byte at least. */
static struct met *met_at(struct watch_memo *m, uint32_t place, struct str v)
{
	uint64_t w = 0;

	if (v.n >= 8)
		w = load_le64(v.p + v.n - 8);
	else if (v.n >= 4)
		w = (uint64_t)load_le32(v.p) << 32 | load_le32(v.p + v.n - 4);
	else
		w = (uint64_t)(unsigned char)v.p[0] << 16 |
		    (uint64_t)(unsigned char)v.p[v.n / 2] << 8 | (unsigned char)v.p[v.n - 1];
	w = (w ^ (uint64_t)v.n << 8 ^ place) * UINT64_C(0xD6E8FEB86659FD93);
	return &m->met[(w >> 40) % MEMO_CELLS];
}

bool watch_memo_find(struct watch_memo *m, uint32_t place, struct str v, uint32_t *said)
{
	if (v.n == 0 || v.n > MEMO_TEXT)
		return false;
	const struct met *met = met_at(m, place, v);

	if (met->len != v.n || met->place != place || memcmp(met->text, v.p, v.n) != 0)
		return false;
	*said = met->said;
	return true;
}

void watch_memo_put(struct watch_memo *m, uint32_t place, struct str v, uint32_t said)
{
	if (v.n == 0 || v.n > MEMO_TEXT)
		return;
	struct met *met = met_at(m, place, v);

	met->place = place;
	met->said = said;
	met->len = (uint8_t)v.n;
	memcpy(met->text, v.p, v.n);
}

/* The class of field `i` of the event. False: there is no room to fold its value. */
static bool value_class(struct watch_memo *m, const struct watch *w, uint32_t place,
			struct sigma_scratch *s, uint32_t i, uint32_t *out)
{
	struct str v = s->ev->fields[i].val;

	if (watch_memo_find(m, place, v, out))
		return true;
	if (!sigma_folded(s, v, &s->folded[i]))
		return false;
	*out = class_of(&w->field[place], s->folded[i]);
	watch_memo_put(m, place, v, *out);
	return true;
}

/* Put `class` among the sorted set[0..n); false when there are too many. */
static bool add_class(uint32_t *set, size_t *n, uint32_t class)
{
	size_t at = 0;

	while (at < *n && set[at] < class)
		at++;
	if (at < *n && set[at] == class)
		return true;
	if (*n == CLASSES_MAX)
		return false;
	memmove(set + at + 1, set + at, (*n - at) * sizeof *set);
	set[at] = class;
	(*n)++;
	return true;
}

/* What of a field counts: its place, its classes and their number, behind out[*n]. */
static bool put_field(struct watch_memo *m, const struct watch *w, uint32_t place,
		      struct sigma_scratch *s, uint32_t *out, size_t *n)
{
	const struct watched *f = &w->field[place];
	uint32_t *set = out + *n + 1;
	size_t classes = 0;

	if (f->n == 0)
		set[classes++] = CLASS_OTHER;
	for (uint32_t k = sigma_first(s, f->name); k != NO_LINK && f->n > 0; k = s->link[k].next) {
		uint32_t i = s->link[k].field, class = CLASS_NULL;

		if (s->ev->fields[i].type != FIELD_NULL && !value_class(m, w, place, s, i, &class))
			return false;
		if (!add_class(set, &classes, class))
			return false;
	}
	out[*n] = place;
	set[classes] = (uint32_t)classes;
	*n += classes + 2;
	return true;
}

size_t watch_key_max(const struct watch *w)
{
	return w->n * (CLASSES_MAX + 2) + w->n_atoms + 1;
}

/* The places of the fields that are there, sorted; returns how many. */
static size_t places(struct watch_memo *m, const struct watch *w, const struct sigma_scratch *s)
{
	size_t n = 0;

	for (uint32_t i = 0; i < s->n_there; i++) {
		uint32_t place = w->place[s->there[i]];
		size_t at = n;

		if (place == 0)
			continue;
		for (; at > 0 && m->there[at - 1] > place - 1; at--)
			m->there[at] = m->there[at - 1];
		m->there[at] = place - 1;
		n++;
	}
	return n;
}

bool watch_key(const struct watch *w, struct watch_memo *m, struct sigma_scratch *s, uint32_t *out,
	       size_t *n)
{
	size_t there = places(m, w, s);

	s->n_renames = 0;
	*n = 0;
	for (size_t i = 0; i < there; i++)
		if (!put_field(m, w, m->there[i], s, out, n))
			return false;
	return true;
}
