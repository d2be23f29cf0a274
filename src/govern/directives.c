/* SPDX-License-Identifier: Apache-2.0 */
/* directives.c - the directives of a folder: loaded, found, noted as in force. */
#include "govern/directive.h"

#include "base/file.h"
#include "state/ledger.h"
#include "state/state.h"

#include <fcntl.h>

/* --- the folder --- */

struct loading {
	struct arena *a;
	struct directive *all;
	size_t n;
	struct err *why;
};

static bool load_one(void *ctx, const char *path, const char *name)
{
	struct loading *l = ctx;
	struct str text;
	struct err here = { .kind = ERR_NONE };
	char said[ERR_TEXT_MAX];

	if (!str_ends(str_of(name), STR(".yaml")))
		return true;
	if (l->n == DIRECTIVES_MAX)
		return err_set(l->why, ERR_LIMIT, 0, "more than %d directives", DIRECTIVES_MAX);
	if (file_load(l->a, AT_FDCWD, path, DIRECTIVE_MAX_BYTES, &text, &here) &&
	    directive_parse(l->a, text, &l->all[l->n], &here)) {
		l->n++;
		return true;
	}
	return err_set(l->why, here.kind, here.at, "%s line %zu: %s", name, here.at,
		       err_text(&here, msg_lang(), said, sizeof said));
}

static void unreadable(void *ctx, const char *path, const struct err *why)
{
	struct loading *l = ctx;

	(void)path;
	if (l->why != NULL && l->why->kind == ERR_NONE)
		*l->why = *why;
}

bool directives_load(struct arena *a, const char *folder, struct directives *out, struct err *why)
{
	struct err none = { .kind = ERR_NONE };
	struct loading l = { a, NEW(a, struct directive, DIRECTIVES_MAX), 0, &none };
	const struct walk w = { load_one, unreadable, &l };

	if (l.all == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for the directives");
	bool ok = file_walk(folder, &w) && none.kind == ERR_NONE;

	if (!ok) {
		if (why != NULL)
			*why = none;
		return false;
	}
	for (size_t i = 0; i < l.n; i++)
		for (size_t k = 0; k < i; k++)
			if (str_eq(l.all[i].id, l.all[k].id))
				return err_set(why, ERR_INPUT, 0,
					       "two directives are called '%.*s'",
					       STR_ARG(l.all[i].id));
	*out = (struct directives){ l.all, l.n };
	return true;
}

/* --- in force --- */

static bool note_one(struct db *db, const char *unit, const struct directive *d, struct err *why)
{
	int64_t same;
	const struct ledger_note note = { "canh", "directive.loaded", d->id, TIME_NONE };

	if (!db_number(
		    db,
		    "SELECT count(*) FROM directives WHERE id = $1 AND unit = $2 AND sha256 = $3",
		    DB_VALS(V_TEXT(d->id), V_Z(unit), V_Z(d->sha256)), &same, why))
		return false;
	if (same > 0)
		return true;
	return db_run(db,
		      "INSERT INTO directives (id, unit, sha256, loaded) VALUES ($1, $2, $3, $4)"
		      " ON CONFLICT (id) DO UPDATE SET sha256 = excluded.sha256,"
		      " loaded = excluded.loaded",
		      DB_VALS(V_TEXT(d->id), V_Z(unit), V_Z(d->sha256), V_TIME(time_now())), why) &&
	       ledger_append(db, &note,
			     LEDGER_FIELDS(F_TEXT("number", d->number), F_TEXT("symbol", d->symbol),
					   F_Z("sha256", d->sha256)),
			     NULL, why);
}

static bool note_all(struct db *db, const struct directives *all, struct err *why)
{
	char unit[UUID_MAX];

	if (!state_unit(db, unit, why))
		return false;
	for (size_t i = 0; i < all->n; i++)
		if (!note_one(db, unit, &all->items[i], why))
			return false;
	return true;
}

bool directives_note(struct db *db, const struct directives *all, struct err *why)
{
	return db_begin(db, why) && db_leave(db, note_all(db, all, why), why);
}

/* --- find --- */

const struct directive *directive_find(const struct directives *all, struct str id)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->items[i].id, id))
			return &all->items[i];
	return NULL;
}

const struct measure *measure_find(const struct directive *d, struct str id)
{
	for (size_t i = 0; i < d->n_measures; i++)
		if (str_eq(d->measures[i].id, id))
			return &d->measures[i];
	return NULL;
}

struct str slip_value(const struct directive *d, const char *name)
{
	for (size_t i = 0; i < d->n_slip; i++)
		if (str_eq(d->slip[i].name, str_of(name)))
			return d->slip[i].value;
	return STR("");
}
