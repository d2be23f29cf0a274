/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/asset_list.h"

#include "base/buf.h"
#include "base/jsonw.h"

enum { VALUES_MAX = 1 << 16 };

#define COLUMNS                                                                                 \
	"a.id, a.unit, coalesce(a.site, ''), a.name, u.name, s.name, a.kind, a.state, a.named," \
	" a.confirmed_by, a.confirmed, a.seen, a.told, a.created, a.changed, a.version"
#define FROM_ASSETS \
	" FROM assets a JOIN units u ON u.id = a.unit LEFT JOIN sites s ON s.id = a.site"

static void take_asset(struct db_rows *r, struct arena *a, struct asset *out)
{
	int64_t *times[] = { &out->confirmed, &out->seen,    &out->told,
			     &out->created,   &out->changed, &out->version };

	db_put(r, 0, out->id, sizeof out->id);
	db_put(r, 1, out->unit, sizeof out->unit);
	db_put(r, 2, out->site, sizeof out->site);
	out->name = db_keep(r, 3, a);
	out->unit_name = db_keep(r, 4, a);
	out->site_name = db_keep(r, 5, a);
	out->kind = db_keep(r, 6, a);
	out->state = db_keep(r, 7, a);
	out->named = db_int(r, 8);
	out->confirmed_by = db_keep(r, 9, a);
	for (size_t i = 0; i < COUNT(times); i++)
		*times[i] = db_time(r, 10 + (int)i);
}

/* --- what is told --- */

static bool take_says(struct db_rows *r, struct arena *a, struct asset_says *out)
{
	struct asset_says s = { .ended = db_time(r, 7) };

	if (!asset_fact_find(db_text(r, 0), &s.fact))
		return false;
	s.value = db_keep(r, 1, a);
	db_put(r, 2, s.source, sizeof s.source);
	s.source_kind = db_keep(r, 3, a);
	s.source_name = db_keep(r, 4, a);
	s.first = db_int(r, 5);
	s.told = db_int(r, 6);
	*out = s;
	return true;
}

/* The rows come by fact, what has not ended first, the newest of it first. */
static void mark_current(struct asset *x)
{
	for (size_t i = 0; i < x->n_says; i++) {
		struct asset_says *s = &x->says[i];
		bool first = i == 0 || x->says[i - 1].fact != s->fact;

		s->current = s->ended == TIME_NONE && (first || asset_fact_many(s->fact));
	}
}

static bool load_says(struct db *db, struct arena *a, bool history, struct asset *x,
		      struct err *why)
{
	enum { SAYS_MAX = 4096 };
	int64_t n = 0;

	if (!db_number(
		    db,
		    "SELECT count(*) FROM asset_facts WHERE asset = $1 AND (ended IS NULL OR $2)",
		    DB_VALS(V_Z(x->id), V_INT(history)), &n, why))
		return false;
	if (n > SAYS_MAX)
		n = SAYS_MAX;
	x->says = NEW(a, struct asset_says, (size_t)n + 1);
	if (x->says == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct db_rows *r = db_query(
		db,
		"SELECT f.fact, f.value, f.source, f.kind, s.name, f.first, f.told, f.ended"
		" FROM asset_facts f JOIN asset_sources s ON s.id = f.source WHERE f.asset = $1"
		" AND (f.ended IS NULL OR $2) ORDER BY f.fact, f.ended IS NOT NULL, f.told DESC,"
		" f.value, f.kind LIMIT $3",
		DB_VALS(V_Z(x->id), V_INT(history), V_INT(n)), why);
	while (x->n_says < (size_t)n && db_next(r))
		x->n_says += take_says(r, a, &x->says[x->n_says]);
	if (!db_end(r, why))
		return false;
	mark_current(x);
	return true;
}

/* One value that two kinds of sources tell stands once. */
static bool said_before(const struct asset *x, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (x->says[i].current && x->says[i].fact == x->says[at].fact &&
		    str_eq(x->says[i].value, x->says[at].value))
			return true;
	return false;
}

struct str asset_values(struct arena *a, const struct asset *x, enum asset_fact fact)
{
	struct buf b = BUF(VALUES_MAX);

	for (size_t i = 0; i < x->n_says; i++) {
		if (!x->says[i].current || x->says[i].fact != fact || said_before(x, i))
			continue;
		if (b.n > 0)
			buf_add(&b, STR(", "));
		buf_add(&b, x->says[i].value);
	}
	struct str s = b.n == 0 ? STR("") : arena_str(a, buf_str(&b));
	buf_free(&b);
	return s;
}

/* --- lists --- */

bool asset_list(struct db *db, struct arena *a, const struct asset_wish *wish, struct asset **out,
		size_t *n, struct err *why)
{
	size_t got = 0;
	struct asset *all = NEW(a, struct asset, wish->most);

	if (all == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct db_rows *r = db_query(
		db,
		"SELECT " COLUMNS FROM_ASSETS " WHERE " IN_SCOPE(
			"a.unit", "a.site", "$1",
			"$2") " AND ($3 IS NULL OR a.id = $3) AND ($4 IS NULL OR a.kind = $4)"
			      " AND ($5 IS NULL OR a.state = $5) AND ($6 IS NULL OR a.name > $6"
			      " OR (a.name = $6 AND a.id > $7)) AND ($8 IS NULL OR"
			      " instr(lower(a.name), lower($8)) > 0 OR EXISTS (SELECT 1 FROM asset_facts f"
			      " WHERE f.asset = a.id AND f.ended IS NULL"
			      " AND instr(lower(f.value), lower($8)) > 0))"
			      " ORDER BY a.name, a.id LIMIT $9",
		DB_VALS(SCOPE_VALS(&wish->scope), wish->id.n > 0 ? V_TEXT(wish->id) : V_NULL,
			V_Z(asset_kind_name(wish->kind)), V_Z(asset_state_name(wish->state)),
			wish->after_id.n > 0 ? V_TEXT(wish->after_name) : V_NULL,
			wish->after_id.n > 0 ? V_TEXT(wish->after_id) : V_NULL,
			wish->text.n > 0 ? V_TEXT(wish->text) : V_NULL, V_INT(wish->most)),
		why);
	while (got < wish->most && db_next(r))
		take_asset(r, a, &all[got++]);
	if (!db_end(r, why))
		return false;
	for (size_t i = 0; i < got; i++)
		if (!load_says(db, a, wish->history, &all[i], why))
			return false;
	*out = all;
	*n = got;
	return true;
}

/* The ids that the name has, two at most. */
static bool ids_of(struct db *db, const struct scope *scope, struct str name, char id[2][UUID_MAX],
		   size_t *n, struct err *why)
{
	size_t got = 0;
	struct db_rows *r = db_query(
		db,
		"SELECT id FROM assets WHERE (id = $3 OR lower(name) = lower($3)) AND " IN_SCOPE(
			"unit", "site", "$1", "$2") " ORDER BY id LIMIT 2",
		DB_VALS(SCOPE_VALS(scope), V_TEXT(name)), why);

	while (got < 2 && db_next(r))
		db_put(r, 0, id[got++], UUID_MAX);
	if (!db_end(r, why))
		return false;
	*n = got;
	return true;
}

bool asset_find(struct db *db, struct arena *a, const struct scope *scope, struct str what,
		struct asset *out, struct err *why)
{
	struct asset_wish wish = { .scope = *scope,
				   .kind = ASSET_KINDS,
				   .state = ASSET_STATES,
				   .most = 1,
				   .history = true };
	char id[2][UUID_MAX];
	struct asset *one = NULL;
	size_t n = 0;

	if (!ids_of(db, scope, what, id, &n, why))
		return false;
	if (n == 0)
		return err_set(why, ERR_ABSENT, 0, "no such asset");
	if (n > 1)
		return err_set(why, ERR_STATE, 0, "several assets are called '%.*s': give the id",
			       STR_ARG(what));
	wish.id = str_of(id[0]);
	if (!asset_list(db, a, &wish, &one, &n, why))
		return false;
	if (n == 0 || one == NULL)
		return err_set(why, ERR_ABSENT, 0, "no such asset");
	*out = *one;
	return true;
}

bool asset_sources(struct db *db, struct arena *a, const struct scope *scope, size_t most,
		   struct asset_sources *out, struct err *why)
{
	struct asset_source *all = NEW(a, struct asset_source, most);
	size_t got = 0;

	if (all == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct db_rows *r = db_query(
		db,
		"SELECT id, kind, name, sha256, imported_by, size_bytes, rows, bad_rows, added,"
		" changed, same, imported FROM asset_sources WHERE " IN_SCOPE(
			"unit", "site", "$1", "$2") " ORDER BY imported DESC, id DESC LIMIT $3",
		DB_VALS(SCOPE_VALS(scope), V_INT(most)), why);
	for (; got < most && db_next(r); got++) {
		struct asset_source *s = &all[got];
		struct str *texts[] = { &s->kind, &s->name, &s->sha256, &s->imported_by };
		int64_t *numbers[] = { &s->size_bytes, &s->rows, &s->bad_rows, &s->added,
				       &s->changed,    &s->same, &s->imported };

		db_put(r, 0, s->id, sizeof s->id);
		for (size_t i = 0; i < COUNT(texts); i++)
			*texts[i] = db_keep(r, 1 + (int)i, a);
		for (size_t i = 0; i < COUNT(numbers); i++)
			*numbers[i] = db_int(r, 5 + (int)i);
	}
	if (!db_end(r, why))
		return false;
	out->at = all;
	out->n = got;
	return true;
}

bool asset_duplicates(struct db *db, struct arena *a, const struct scope *scope, size_t most,
		      struct asset_twins *out, struct err *why)
{
	struct asset_twin *all = NEW(a, struct asset_twin, most);
	size_t got = 0;

	if (all == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct db_rows *r = db_query(
		db,
		"WITH own AS (SELECT id, name, host, named FROM assets WHERE " IN_SCOPE(
			"unit", "site", "$1",
			"$2") "), told AS (SELECT DISTINCT f.fact AS by, f.value AS value, o.id AS id,"
			      " o.name AS name FROM asset_facts f JOIN own o ON o.id = f.asset"
			      " WHERE f.ended IS NULL AND f.fact IN ('address', 'mac') UNION ALL"
			      " SELECT 'name', host, id, name FROM own WHERE named = 1),"
			      " twice AS (SELECT by, value FROM told GROUP BY by, value HAVING count(*) > 1)"
			      " SELECT t.by, t.value, t.id, t.name FROM told t JOIN twice w ON w.by = t.by"
			      " AND w.value = t.value ORDER BY t.by, t.value, t.id LIMIT $3",
		DB_VALS(SCOPE_VALS(scope), V_INT(most)), why);
	for (; got < most && db_next(r); got++) {
		all[got].by = db_keep(r, 0, a);
		all[got].value = db_keep(r, 1, a);
		db_put(r, 2, all[got].id, sizeof all[got].id);
		all[got].name = db_keep(r, 3, a);
	}
	if (!db_end(r, why))
		return false;
	out->at = all;
	out->n = got;
	return true;
}

/* --- JSON --- */

static void put_says(struct jsonw *w, const struct asset_says *s)
{
	jsonw_open(w, '{');
	jsonw_kv_str(w, "fact", str_of(asset_fact_name(s->fact)));
	jsonw_kv_str(w, "value", s->value);
	jsonw_kv_bool(w, "current", s->current);
	jsonw_kv_str(w, "source", str_of(s->source));
	jsonw_kv_str(w, "source_kind", s->source_kind);
	jsonw_kv_str(w, "source_name", s->source_name);
	jsonw_kv_time(w, "first_told_at", s->first);
	jsonw_kv_time(w, "told_at", s->told);
	jsonw_kv_time(w, "ended_at", s->ended);
	jsonw_close(w, '}');
}

void asset_put(struct jsonw *w, const struct asset *x)
{
	jsonw_kv_str(w, "id", str_of(x->id));
	jsonw_kv_str(w, "name", x->name);
	jsonw_kv_bool(w, "named", x->named);
	jsonw_kv_str(w, "kind", x->kind);
	jsonw_kv_str(w, "state", x->state);
	jsonw_kv_str(w, "confirmed_by", x->confirmed_by);
	jsonw_kv_time(w, "confirmed_at", x->confirmed);
	jsonw_kv_bool(w, "returned", asset_returned(x));
	jsonw_kv_time(w, "seen_at", x->seen);
	jsonw_kv_time(w, "told_at", x->told);
	jsonw_kv_time(w, "created_at", x->created);
	jsonw_kv_str(w, "unit", str_of(x->unit));
	jsonw_kv_str(w, "unit_name", x->unit_name);
	jsonw_kv_str(w, "site", str_of(x->site[0] != '\0' ? x->site : NULL));
	jsonw_kv_str(w, "site_name", x->site_name);
	jsonw_kv_int(w, "version", x->version);
	jsonw_key(w, "facts");
	jsonw_open(w, '[');
	for (size_t i = 0; i < x->n_says; i++)
		put_says(w, &x->says[i]);
	jsonw_close(w, ']');
}

void asset_source_put(struct jsonw *w, const struct asset_source *s)
{
	jsonw_kv_str(w, "id", str_of(s->id));
	jsonw_kv_str(w, "kind", s->kind);
	jsonw_kv_str(w, "name", s->name);
	jsonw_kv_str(w, "sha256", s->sha256);
	jsonw_kv_int(w, "size_bytes", s->size_bytes);
	jsonw_kv_int(w, "rows", s->rows);
	jsonw_kv_int(w, "bad_rows", s->bad_rows);
	jsonw_kv_int(w, "added", s->added);
	jsonw_kv_int(w, "changed", s->changed);
	jsonw_kv_int(w, "same", s->same);
	jsonw_kv_time(w, "imported_at", s->imported);
	jsonw_kv_str(w, "imported_by", s->imported_by);
}
