/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asset_import.c - each row finds its asset or becomes one, then its facts are put beside what other
 * kinds of sources say.
 *
 * Invariant: facts of one kind of source and one name are those of its last import that told any.
 */
#include "fleet/asset_import.h"

#include "base/utf8.h"
#include "fleet/asset_match.h"
#include "state/ledger.h"

/* A unit or site that rows may name, below the one of the import. */
struct place {
	char id[UUID_MAX], unit[UUID_MAX];
	struct str folded;
};
struct places {
	struct place *at;
	size_t n;
};

struct importing {
	struct db *db;
	struct arena *a;
	const struct asset_import *in;
	const char *origin;
	struct scope scope;
	struct places units, sites;
	int64_t now;
	struct asset_imported got;
};

/* What is known of the asset before the row. */
struct kept {
	char id[UUID_MAX], unit[UUID_MAX], site[UUID_MAX];
	struct str name, domain, kind, state;
	bool named, unit_told;
	int64_t seen, confirmed, told, changed;
	bool now; /* something is otherwise after the row */
};

/* --- units and sites --- */

enum { PLACES_MAX = 12000 };

static bool load_places(struct importing *im, const char *sql, struct places *out, struct err *why)
{
	out->at = NEW(im->a, struct place, PLACES_MAX);
	if (out->at == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct db_rows *r = db_query(im->db, sql, DB_VALS(SCOPE_VALS(&im->scope)), why);
	while (out->n < PLACES_MAX && db_next(r)) {
		struct place *p = &out->at[out->n++];

		db_put(r, 0, p->id, sizeof p->id);
		db_put(r, 1, p->unit, sizeof p->unit);
		p->folded = utf8_fold_search(im->a, db_keep(r, 2, im->a));
	}
	return db_end(r, why);
}

/* The one that is called so; none where several are. `unit` NULL: in any. */
static const struct place *find_place(struct arena scratch, const struct places *all,
				      const char *unit, struct str name)
{
	struct str folded = utf8_fold_search(&scratch, name);
	const struct place *one = NULL;

	for (size_t i = 0; i < all->n; i++) {
		if (!str_eq(all->at[i].folded, folded) ||
		    (unit != NULL && strcmp(all->at[i].unit, unit) != 0))
			continue;
		if (one != NULL)
			return NULL;
		one = &all->at[i];
	}
	return one;
}

/* Where the row belongs; *told: the row says so. A site alone names its unit. */
static void home_of(struct importing *im, struct arena scratch, const struct asset_told *row,
		    struct home *out, bool *told)
{
	const struct place *unit = row->unit.n > 0
					   ? find_place(scratch, &im->units, NULL, row->unit)
					   : NULL;
	const struct place *site = row->site.n > 0
					   ? find_place(scratch, &im->sites,
							unit == NULL ? NULL : unit->id, row->site)
					   : NULL;

	*out = im->in->home;
	*told = unit != NULL || site != NULL;
	if (*told) {
		memcpy(out->unit, site != NULL ? site->unit : unit->id, UUID_MAX);
		memcpy(out->site, site != NULL ? site->id : "", site != NULL ? UUID_MAX : 1);
	}
	im->got.unknown_units += (row->unit.n > 0 && unit == NULL) ||
				 (row->site.n > 0 && site == NULL);
}

/* --- assets --- */

static bool insert(struct importing *im, const struct asset_told *row, const struct asset_key *key,
		   const struct home *home, char id[UUID_MAX], struct err *why)
{
	uuid_new(id);
	return db_run(
		im->db,
		"INSERT INTO assets (id, unit, site, unit_told, name, named, host, domain, kind,"
		" state, told, created, changed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
		" 'other', 'in_use', $9, $9, $9)",
		DB_VALS(V_Z(id), V_Z(home->unit), V_Z(home->site[0] != '\0' ? home->site : NULL),
			V_INT(key->unit != NULL), V_TEXT(row->name), V_INT(row->named),
			V_TEXT(key->host), V_TEXT(key->domain.n > 0 ? key->domain : STR("")),
			V_INT(im->now)),
		why);
}

static bool load(struct importing *im, const char *id, struct arena *a, struct kept *out,
		 struct err *why)
{
	struct db_rows *r =
		db_query(im->db,
			 "SELECT id, unit, coalesce(site, ''), name, domain, kind, state,"
			 " named, unit_told, seen, told, changed, confirmed FROM assets"
			 " WHERE id = $1",
			 DB_VALS(V_Z(id)), why);

	if (db_next(r)) {
		db_put(r, 0, out->id, sizeof out->id);
		db_put(r, 1, out->unit, sizeof out->unit);
		db_put(r, 2, out->site, sizeof out->site);
		out->name = db_keep(r, 3, a);
		out->domain = db_keep(r, 4, a);
		out->kind = db_keep(r, 5, a);
		out->state = db_keep(r, 6, a);
		out->named = db_int(r, 7);
		out->unit_told = db_int(r, 8);
		out->seen = db_time(r, 9);
		out->told = db_int(r, 10);
		out->changed = db_int(r, 11);
		out->confirmed = db_time(r, 12);
	}
	return db_end(r, why);
}

/* A name where there was none, or its domain; where it belongs; its kind. */
static bool put_about(struct importing *im, const struct asset_told *row,
		      const struct asset_key *key, const struct home *home, struct kept *was,
		      struct err *why)
{
	bool name = row->named && (!was->named || (was->domain.n == 0 && key->domain.n > 0));
	bool move = key->unit != NULL &&
		    (strcmp(home->unit, was->unit) != 0 ||
		     (home->site[0] != '\0' && strcmp(home->site, was->site) != 0));
	const char *kind = row->kind < ASSET_KINDS ? asset_kind_name(row->kind) : NULL;

	if (name && !db_run(im->db,
			    "UPDATE assets SET name = $2, named = 1, host = $3, domain = $4"
			    " WHERE id = $1",
			    DB_VALS(V_Z(was->id), V_TEXT(row->name), V_TEXT(key->host),
				    V_TEXT(key->domain.n > 0 ? key->domain : STR(""))),
			    why))
		return false;
	if ((move || (key->unit != NULL && !was->unit_told)) &&
	    !db_run(im->db, "UPDATE assets SET unit = $2, site = $3, unit_told = 1 WHERE id = $1",
		    DB_VALS(V_Z(was->id), V_Z(home->unit),
			    V_Z(home->site[0] != '\0' ? home->site : NULL)),
		    why))
		return false;
	if (kind != NULL && !str_eq(was->kind, str_of(kind))) {
		was->now = true;
		if (!db_run(im->db, "UPDATE assets SET kind = $2 WHERE id = $1",
			    DB_VALS(V_Z(was->id), V_Z(kind)), why))
			return false;
	}
	was->now = was->now || name || move;
	return true;
}

/* Off as before, and somebody confirmed it anew on a later day. */
static bool confirmed_again(const struct asset_told *row, const struct kept *was)
{
	return row->state == ASSET_OFF && row->confirmed != TIME_NONE &&
	       row->confirmed > was->confirmed;
}

static bool put_state(struct importing *im, const struct asset_told *row, struct kept *was,
		      struct err *why)
{
	const char *state = asset_state_name(row->state);
	struct ledger_note note = { im->in->actor, "asset.state", str_of(was->id), im->now };
	bool off = row->state == ASSET_OFF;
	int64_t when = row->confirmed != TIME_NONE ? row->confirmed : im->now;

	if (state == NULL || (str_eq(was->state, str_of(state)) && !confirmed_again(row, was)))
		return true;
	was->now = true;
	return db_run(im->db,
		      "UPDATE assets SET state = $2, confirmed_by = $3, confirmed = $4 WHERE id = $1",
		      DB_VALS(V_Z(was->id), V_Z(state), off ? V_TEXT(row->confirmed_by) : V_NULL,
			      off ? V_TIME(when) : V_NULL),
		      why) &&
	       ledger_append(
		       im->db, &note,
		       LEDGER_FIELDS(F_Z("state", state), F_TEXT("name", was->name),
				     F_PERSONAL("confirmed_by", off ? row->confirmed_by : STR("")),
				     F_Z("source", im->got.source)),
		       NULL, why);
}

/* --- facts --- */

static bool known_fact(struct importing *im, const char *asset, const struct told_fact *f,
		       bool *known, struct err *why)
{
	int64_t n = 0;

	if (!db_number(im->db,
		       "SELECT count(*) FROM asset_facts WHERE asset = $1 AND fact = $2"
		       " AND value = $3 AND kind = $4 AND ended IS NULL",
		       DB_VALS(V_Z(asset), V_Z(asset_fact_name(f->fact)), V_TEXT(f->value),
			       V_Z(im->origin)),
		       &n, why))
		return false;
	*known = n > 0;
	return true;
}

/* What the same kind of source said before ends; of what may be several, not what this import said. */
static bool end_others(struct importing *im, const char *asset, const struct told_fact *f,
		       struct err *why)
{
	return db_run(
		im->db,
		"UPDATE asset_facts SET ended = $5 WHERE asset = $1 AND fact = $2 AND kind = $3"
		" AND value <> $4 AND ended IS NULL AND ($7 = 0 OR source <> $6)",
		DB_VALS(V_Z(asset), V_Z(asset_fact_name(f->fact)), V_Z(im->origin),
			V_TEXT(f->value), V_INT(im->now), V_Z(im->got.source),
			V_INT(asset_fact_many(f->fact))),
		why);
}

static bool put_fact(struct importing *im, const char *asset, const struct told_fact *f,
		     struct err *why)
{
	return db_run(im->db,
		      "INSERT INTO asset_facts (asset, fact, value, kind, source, first, told)"
		      " VALUES ($1, $2, $3, $4, $5, $6, $6)"
		      " ON CONFLICT (asset, fact, value, kind) DO UPDATE SET"
		      " source = excluded.source, told = excluded.told, ended = NULL",
		      DB_VALS(V_Z(asset), V_Z(asset_fact_name(f->fact)), V_TEXT(f->value),
			      V_Z(im->origin), V_Z(im->got.source), V_INT(im->now)),
		      why);
}

/* First all that is told now, then what is not said any more. */
static bool put_facts(struct importing *im, struct kept *was, const struct asset_told *row,
		      struct err *why)
{
	for (size_t i = 0; i < row->n; i++) {
		bool known;

		if (!known_fact(im, was->id, &row->fact[i], &known, why) ||
		    !put_fact(im, was->id, &row->fact[i], why))
			return false;
		was->now = was->now || !known;
	}
	for (size_t i = 0; i < row->n; i++)
		if (!end_others(im, was->id, &row->fact[i], why))
			return false;
	return true;
}

/* --- rows --- */

static bool touch(struct importing *im, const struct asset_told *row, const struct kept *was,
		  bool changed, struct err *why)
{
	return db_run(
		im->db,
		"UPDATE assets SET told = $2, changed = CASE WHEN $3 THEN $2 ELSE changed END,"
		" version = version + $3, seen = CASE WHEN $4 IS NULL THEN seen WHEN seen IS NULL"
		" OR seen < $4 THEN $4 ELSE seen END WHERE id = $1",
		DB_VALS(V_Z(was->id), V_INT(im->now), V_INT(changed), V_TIME(row->seen)), why);
}

/* Counted once each import, however many rows tell of it. */
static void count(struct importing *im, const struct kept *was, bool new)
{
	bool before = !new && was->told == im->now;

	if (new)
		im->got.added++;
	else if (!before && was->now)
		im->got.changed++;
	else if (!before)
		im->got.same++;
	else if (was->now && was->changed != im->now) {
		im->got.same--;
		im->got.changed++;
	}
}

/* Words ("Máy in") are what many are called: with a serial number these two tell which. */
static struct str host_of_words(struct arena *a, const struct asset_told *row, struct str host)
{
	if (!row->named || str_find_char(host, ' ') == host.n)
		return host;
	for (size_t i = 0; i < row->n; i++)
		if (row->fact[i].fact == FACT_SERIAL)
			return arena_printf(a, "%.*s / %.*s", STR_ARG(host),
					    STR_ARG(row->fact[i].value));
	return host;
}

static bool keep_row(struct importing *im, struct arena scratch, const struct asset_told *row,
		     struct err *why)
{
	struct asset_key key = { .named = row->named };
	struct kept was = { .told = TIME_NONE };
	struct home home;
	char id[UUID_MAX];
	bool told;

	asset_key_name(&scratch, row->name, &key.host, &key.domain);
	key.host = host_of_words(&scratch, row, key.host);
	if (key.host.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	home_of(im, scratch, row, &home, &told);
	key.unit = told ? home.unit : NULL;
	if (!asset_match(im->db, &im->scope, &key, row, id, why))
		return false;
	bool new = id[0] == '\0';
	if (new && !insert(im, row, &key, &home, id, why))
		return false;
	if (!load(im, id, &scratch, &was, why) || !put_about(im, row, &key, &home, &was, why) ||
	    !put_state(im, row, &was, why) || !put_facts(im, &was, row, why) ||
	    !touch(im, row, &was, was.now && !new, why))
		return false;
	count(im, &was, new);
	return true;
}

/* --- the source --- */

static bool was_imported(struct importing *im, bool *again, struct err *why)
{
	int64_t n = 0;

	if (!db_number(
		    im->db,
		    "SELECT count(*) FROM asset_sources WHERE sha256 = $1 AND kind = $2 AND map = $3"
		    " AND unit = $4 AND coalesce(site, '') = $5",
		    DB_VALS(V_TEXT(im->in->sha256), V_Z(im->origin),
			    V_TEXT(im->in->map.n > 0 ? im->in->map : STR("")),
			    V_Z(im->in->home.unit), V_Z(im->in->home.site)),
		    &n, why))
		return false;
	*again = n > 0;
	return true;
}

static bool put_source(struct importing *im, const struct asset_rows *rows, struct err *why)
{
	const struct asset_import *in = im->in;

	return db_run(
		im->db,
		"INSERT INTO asset_sources (id, unit, site, kind, name, map, sha256, size_bytes,"
		" rows, bad_rows, added, changed, same, imported, imported_by) VALUES ($1, $2,"
		" $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0, $11, $12)",
		DB_VALS(V_Z(im->got.source), V_Z(in->home.unit),
			V_Z(in->home.site[0] != '\0' ? in->home.site : NULL), V_Z(im->origin),
			V_TEXT(in->name), V_TEXT(in->map.n > 0 ? in->map : STR("")),
			V_TEXT(in->sha256), V_INT(in->size_bytes), V_INT(rows->n), V_INT(rows->bad),
			V_INT(im->now), V_Z(in->actor)),
		why);
}

static bool put_faults(struct importing *im, const struct asset_rows *rows, struct err *why)
{
	for (size_t i = 0; i < rows->n_faults; i++) {
		const struct asset_fault *f = &rows->fault[i];
		char vi[ERR_TEXT_MAX];

		err_text(&f->why, LANG_VI, vi, sizeof vi);
		if (!db_run(im->db,
			    "INSERT INTO asset_bad_rows (source, n, line, reason_vi, reason_en)"
			    " VALUES ($1, $2, $3, $4, $5)",
			    DB_VALS(V_Z(im->got.source), V_INT(i), V_INT(f->line), V_Z(vi),
				    V_Z(f->why.text)),
			    why))
			return false;
	}
	return true;
}

static bool close_source(struct importing *im, const struct asset_rows *rows, struct err *why)
{
	const struct asset_import *in = im->in;
	struct ledger_note note = { in->actor, "asset.imported", str_of(im->got.source), im->now };

	return db_run(im->db,
		      "UPDATE asset_sources SET added = $2, changed = $3, same = $4 WHERE id = $1",
		      DB_VALS(V_Z(im->got.source), V_INT(im->got.added), V_INT(im->got.changed),
			      V_INT(im->got.same)),
		      why) &&
	       ledger_append(im->db, &note,
			     LEDGER_FIELDS(F_TEXT("name", in->name), F_Z("kind", im->origin),
					   F_TEXT("sha256", in->sha256), F_INT("rows", rows->n),
					   F_INT("bad_rows", rows->bad),
					   F_INT("added", im->got.added),
					   F_INT("changed", im->got.changed),
					   F_INT("same", im->got.same)),
			     NULL, why);
}

static bool keep_rows(struct importing *im, const struct asset_rows *rows, struct err *why)
{
	if (!scope_of_home(im->db, &im->in->home, &im->scope, why) ||
	    !load_places(im,
			 "SELECT id, '', name FROM units WHERE " IN_SCOPE("id", "''", "$1", "$2"),
			 &im->units, why) ||
	    !load_places(
		    im,
		    "SELECT id, unit, name FROM sites WHERE " IN_SCOPE("unit", "id", "$1", "$2"),
		    &im->sites, why) ||
	    !was_imported(im, &im->got.again, why))
		return false;
	if (im->got.again)
		return true;
	uuid_new(im->got.source);
	if (!put_source(im, rows, why) || !put_faults(im, rows, why))
		return false;
	for (size_t i = 0; i < rows->n; i++)
		if (!keep_row(im, *im->a, &rows->row[i], why))
			return false;
	return close_source(im, rows, why);
}

bool asset_import(struct db *db, struct arena *a, const struct asset_import *in,
		  const struct asset_rows *rows, struct asset_imported *out, struct err *why)
{
	struct importing im = { .db = db,
				.a = a,
				.in = in,
				.origin = asset_origin_name(rows->file.origin),
				.now = time_now() };

	if (!db_begin(db, why))
		return false;
	bool ok = keep_rows(&im, rows, why);
	if (ok && (in->preview || im.got.again)) {
		db_rollback(db);
		im.got.source[0] = '\0';
	} else if (!db_leave(db, ok, why)) {
		return false;
	}
	*out = im.got;
	return true;
}
