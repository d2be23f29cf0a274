/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tally.c - a small table by id. Invariant: an id stands in it once, found by its slot; with nothing
 * left to tell the table is emptied, so lists that went do not fill it.
 */
#include "proc/tally.h"

#include "base/hash.h"
#include "base/log.h"
#include "base/uuid.h"

#include <stdlib.h>

enum { ROWS = 4096, SLOTS = 4 * ROWS };

struct row {
	bool exception; /* else a list */
	char id[UUID_MAX];
	uint64_t staged, committed;
};

struct tally {
	size_t n;
	bool full;
	uint16_t slot[SLOTS]; /* number of the row + 1; 0: free */
	struct row row[ROWS];
};

struct tally *tally_new(void)
{
	return calloc(1, sizeof(struct tally));
}

void tally_free(struct tally *t)
{
	free(t);
}

/* NULL when the table is full. */
static struct row *row_of(struct tally *t, bool exception, struct str id)
{
	size_t at = hash_quick(id, exception) % SLOTS;

	for (; t->slot[at] != 0; at = (at + 1) % SLOTS) {
		struct row *r = &t->row[t->slot[at] - 1];

		if (r->exception == exception && str_eq(id, str_of(r->id)))
			return r;
	}
	if (t->n == ROWS || id.n >= sizeof t->row->id)
		return NULL;
	struct row *r = &t->row[t->n++];

	*r = (struct row){ .exception = exception };
	memcpy(r->id, id.p, id.n);
	t->slot[at] = (uint16_t)t->n;
	return r;
}

static void add(struct tally *t, bool exception, struct str id)
{
	struct row *r = id.n == 0 ? NULL : row_of(t, exception, id);

	if (r != NULL)
		r->staged++;
	else if (id.n > 0 && !t->full) {
		t->full = true;
		log_warn("hits of more than %d lists and exceptions at once: not all are counted",
			 ROWS);
	}
}

void tally_hit(struct tally *t, const struct hit *h)
{
	if (h->kind == HIT_INDICATOR)
		add(t, false, h->list->id);
	if (h->excepted)
		add(t, true, h->exception);
}

void tally_commit(struct tally *t)
{
	for (size_t i = 0; i < t->n; i++) {
		t->row[i].committed += t->row[i].staged;
		t->row[i].staged = 0;
	}
}

static bool put(const struct tally *t, struct jsonw *w, const char *name, bool exception)
{
	bool any = false;

	jsonw_key(w, name);
	jsonw_open(w, '{');
	for (size_t i = 0; i < t->n; i++) {
		const struct row *r = &t->row[i];

		if (r->exception != exception || r->committed == 0)
			continue;
		jsonw_kv_int(w, r->id, (int64_t)r->committed);
		any = true;
	}
	jsonw_close(w, '}');
	return any;
}

bool tally_put(const struct tally *t, struct jsonw *w)
{
	bool lists = put(t, w, "lists", false);
	bool exceptions = put(t, w, "exceptions", true);

	return lists || exceptions;
}

void tally_told(struct tally *t)
{
	uint64_t staged = 0;

	for (size_t i = 0; i < t->n; i++) {
		t->row[i].committed = 0;
		staged += t->row[i].staged;
	}
	if (staged > 0 || t->n == 0)
		return;
	t->n = 0;
	t->full = false;
	memset(t->slot, 0, sizeof t->slot);
}

/* --- desk --- */

static bool add_all(struct db *db, const struct json *counts, const char *sql, struct err *why)
{
	const struct json *v;
	const void *it = NULL;
	struct str id;
	int64_t n;

	while ((it = json_next(counts, it, &id, &v)) != NULL)
		if (json_int(v, &n) && n > 0 &&
		    !db_run(db, sql, DB_VALS(V_INT(n), V_TEXT(id)), why))
			return false;
	return true;
}

static bool is_empty(const struct json *object)
{
	const struct json *v;
	struct str key;

	return json_next(object, NULL, &key, &v) == NULL;
}

bool tally_keep(struct db *db, const struct json *told, struct err *why)
{
	const struct json *lists = json_get(told, "lists"),
			  *exceptions = json_get(told, "exceptions");

	if (is_empty(lists) && is_empty(exceptions))
		return true;
	if (!db_begin(db, why))
		return false;
	bool ok = add_all(db, lists, "UPDATE lists SET hits = hits + $1 WHERE id = $2", why) &&
		  add_all(db, exceptions,
			  "UPDATE exceptions SET hidden = hidden + $1 WHERE id = $2", why);
	return db_leave(db, ok, why);
}
