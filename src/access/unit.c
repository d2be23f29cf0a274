/* SPDX-License-Identifier: Apache-2.0 */
#include "access/unit.h"

#include "access/access_int.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "base/time.h"
#include "state/ledger.h"
#include "state/state.h"

enum { SETTING_MAX = 4096, OWN_NAME_MAX = 256 };

/* --- list --- */

/* The setting is JSON text. */
static bool own_name(struct access *ac, struct arena *a, struct str *out, struct err *why)
{
	struct arena scratch = *a;
	struct str text;
	struct json *j = NULL;

	if (!state_setting(ac->db, &scratch, "unit_name", &text, why))
		return false;
	if (text.n > 0 && !json_parse(text, SETTING_MAX, &j, why))
		return false;
	struct str name = json_str(j);

	*out = arena_str(a, name.p == NULL ? STR("") : name);
	json_free(j);
	return true;
}

static bool put_own_name(struct db *db, struct str name, struct err *why)
{
	const struct ledger_note note = { "canh", "settings.changed", STR("settings"), TIME_NONE };
	struct buf json = BUF(SETTING_MAX), all = BUF(2 * SETTING_MAX);
	struct jsonw w = { .out = &json }, settings = { .out = &all };

	jsonw_str(&w, name);
	jsonw_open(&settings, '{');
	jsonw_kv_str(&settings, "unit_name", name);
	jsonw_close(&settings, '}');
	bool ok = state_setting_put(db, "unit_name", buf_str(&json), "canh", why) &&
		  ledger_append(db, &note, LEDGER_FIELDS(F_JSON("settings", buf_str(&all))), NULL,
				why);
	buf_free(&json);
	buf_free(&all);
	return ok;
}

bool unit_own_name(struct db *db, struct str name, struct err *why)
{
	unsigned char mem[SETTING_MAX];
	struct arena a = { mem, mem + sizeof mem };
	struct str text;

	if (!state_setting(db, &a, "unit_name", &text, why))
		return false;
	if (name.n == 0 || (text.n > 0 && !str_eq(text, STR("\"\""))))
		return true;
	if (name.n > OWN_NAME_MAX)
		return err_set(why, ERR_LIMIT, 0, "too long");
	return db_begin(db, why) && db_leave(db, put_own_name(db, name, why), why);
}

static bool keep_units(struct access *ac, const struct scope *scope, struct arena *a,
		       struct units *out, struct err *why)
{
	struct unit *list = NEW(a, struct unit, UNITS_MAX);
	struct str own = { NULL, 0 };
	bool fits = list != NULL;

	if (!own_name(ac, a, &own, why))
		return false;
	struct db_rows *r =
		db_query(ac->db,
			 "SELECT u.id, u.name, u.parent IS NULL,"
			 " CASE WHEN $1 IS NULL OR u.id <> $1 THEN u.parent END FROM units u WHERE"
			 " $1 IS NULL OR (u.id IN " UNITS_BELOW(
				 "$1") " AND ($2 IS NULL OR u.id = $1))"
				       " ORDER BY u.parent IS NOT NULL, u.name, u.id",
			 DB_VALS(SCOPE_VALS(scope)), why);

	out->n_units = 0;
	for (; fits && db_next(r); out->n_units++) {
		if (out->n_units == UNITS_MAX) {
			fits = false;
			break;
		}
		struct unit *u = &list[out->n_units];

		*u = (struct unit){ .own = db_int(r, 2) != 0 };
		u->name = u->own ? own : db_keep(r, 1, a);
		db_put(r, 0, u->id, sizeof u->id);
		db_put(r, 3, u->parent, sizeof u->parent);
		fits = u->name.p != NULL;
	}
	if (!db_end(r, why))
		return false;
	out->units = list;
	return fits || err_set(why, ERR_LIMIT, 0, "the list is too long");
}

static bool keep_sites(struct access *ac, const struct scope *scope, struct arena *a,
		       struct units *out, struct err *why)
{
	struct site *list = NEW(a, struct site, SITES_MAX);
	bool fits = list != NULL;
	struct db_rows *r = db_query(ac->db,
				     "SELECT id, unit, name FROM sites WHERE " IN_SCOPE(
					     "unit", "id", "$1", "$2") " ORDER BY name, id",
				     DB_VALS(SCOPE_VALS(scope)), why);

	out->n_sites = 0;
	for (; fits && db_next(r); out->n_sites++) {
		if (out->n_sites == SITES_MAX) {
			fits = false;
			break;
		}
		struct site *s = &list[out->n_sites];

		*s = (struct site){ .name = db_keep(r, 2, a) };
		db_put(r, 0, s->id, sizeof s->id);
		db_put(r, 1, s->unit, sizeof s->unit);
		fits = s->name.p != NULL;
	}
	if (!db_end(r, why))
		return false;
	out->sites = list;
	return fits || err_set(why, ERR_LIMIT, 0, "the list is too long");
}

bool unit_list(struct access *ac, const struct scope *scope, struct arena *a, struct units *out,
	       struct err *why)
{
	struct units got = { NULL, NULL, 0, 0 };

	if (!keep_units(ac, scope, a, &got, why) || !keep_sites(ac, scope, a, &got, why))
		return false;
	*out = got;
	return true;
}

/* --- change --- */

static bool name_ok(struct str *name, struct err *why)
{
	*name = str_trim(*name);
	return access_display_name(*name, why);
}

/* Does the role reach the whole of that unit? */
static bool reaches(struct access *ac, const struct who *who, struct str unit, struct err *why)
{
	struct home h = { "", "" };
	int64_t n = 0;
	bool in;

	if (!uuid_valid(unit))
		return err_set(why, ERR_ABSENT, 0, "there is no such unit");
	if (who->scope.site[0] != '\0')
		return err_set(why, ERR_DENIED, 0, "a role for one site adds and renames nothing");
	memcpy(h.unit, unit.p, UUID_LEN);
	if (!db_number(ac->db, "SELECT count(*) FROM units WHERE id = $1", DB_VALS(V_TEXT(unit)),
		       &n, why) ||
	    !scope_has(ac->db, &who->scope, &h, &in, why))
		return false;
	return (n == 1 && in) || err_set(why, ERR_ABSENT, 0, "there is no such unit");
}

/* Nothing else there may have the name; `but`: the one that is renamed. */
static bool name_free(struct access *ac, const char *sql, struct str where, struct str name,
		      struct str but, struct err *why)
{
	int64_t n = 0;

	if (!db_number(ac->db, sql,
		       DB_VALS(V_TEXT(where), V_TEXT(name), V_TEXT(but.p == NULL ? STR("") : but)),
		       &n, why))
		return false;
	return n == 0 || err_set(why, ERR_STATE, 0, "the name '%.*s' is taken", STR_ARG(name));
}

static const char units_named[] =
	"SELECT count(*) FROM units WHERE parent = $1 AND name = $2 AND id <> $3";
static const char sites_named[] =
	"SELECT count(*) FROM sites WHERE unit = $1 AND name = $2 AND id <> $3";

static bool room_for(struct access *ac, const char *sql, int most, struct err *why)
{
	int64_t n = 0;

	if (!db_number(ac->db, sql, NULL, 0, &n, why))
		return false;
	return n < most || err_set(why, ERR_LIMIT, 0, "more than %d of them", most);
}

static bool make_unit(struct access *ac, const struct who *who, struct str parent, struct str name,
		      const char *id, struct err *why)
{
	return reaches(ac, who, parent, why) &&
	       room_for(ac, "SELECT count(*) FROM units", UNITS_MAX, why) &&
	       name_free(ac, units_named, parent, name, STR(""), why) &&
	       db_run(ac->db,
		      "INSERT INTO units (id, parent, name, created) VALUES ($1, $2, $3, $4)",
		      DB_VALS(V_Z(id), V_TEXT(parent), V_TEXT(name), V_TIME(ac->clock())), why) &&
	       access_note(ac, who, "unit.made", str_of(id),
			   NOTE(F_TEXT("name", name), F_TEXT("parent", parent)), why);
}

bool unit_new(struct access *ac, const struct who *who, struct str parent, struct str name,
	      char id[UUID_MAX], struct err *why)
{
	char made[UUID_MAX];

	if (!who_may(who, ACT_UNITS, why) || !name_ok(&name, why) || !db_begin(ac->db, why) ||
	    !db_leave(ac->db, make_unit(ac, who, parent, name, uuid_new(made), why), why))
		return false;
	memcpy(id, made, sizeof made);
	return true;
}

/* The text of one row's first column. */
static bool column(struct access *ac, const char *sql, struct str id, char out[UUID_MAX],
		   struct err *why)
{
	struct db_rows *r = db_query(ac->db, sql, DB_VALS(V_TEXT(id)), why);

	out[0] = '\0';
	if (db_next(r))
		db_put(r, 0, out, UUID_MAX);
	return db_end(r, why);
}

static bool rename_unit(struct access *ac, const struct who *who, struct str id, struct str name,
			struct err *why)
{
	char parent[UUID_MAX];

	if (!reaches(ac, who, id, why) ||
	    !column(ac, "SELECT parent FROM units WHERE id = $1", id, parent, why))
		return false;
	if (parent[0] == '\0')
		return err_set(why, ERR_STATE, 0, "the name of the own unit is a setting");
	return name_free(ac, units_named, str_of(parent), name, id, why) &&
	       db_run(ac->db, "UPDATE units SET name = $2 WHERE id = $1",
		      DB_VALS(V_TEXT(id), V_TEXT(name)), why) &&
	       access_note(ac, who, "unit.renamed", id, NOTE(F_TEXT("name", name)), why);
}

bool unit_rename(struct access *ac, const struct who *who, struct str id, struct str name,
		 struct err *why)
{
	return who_may(who, ACT_UNITS, why) && name_ok(&name, why) && db_begin(ac->db, why) &&
	       db_leave(ac->db, rename_unit(ac, who, id, name, why), why);
}

static bool make_site(struct access *ac, const struct who *who, struct str unit, struct str name,
		      const char *id, struct err *why)
{
	return reaches(ac, who, unit, why) &&
	       room_for(ac, "SELECT count(*) FROM sites", SITES_MAX, why) &&
	       name_free(ac, sites_named, unit, name, STR(""), why) &&
	       db_run(ac->db, "INSERT INTO sites (id, unit, name, created) VALUES ($1, $2, $3, $4)",
		      DB_VALS(V_Z(id), V_TEXT(unit), V_TEXT(name), V_TIME(ac->clock())), why) &&
	       access_note(ac, who, "site.made", str_of(id),
			   NOTE(F_TEXT("name", name), F_TEXT("unit", unit)), why);
}

bool site_new(struct access *ac, const struct who *who, struct str unit, struct str name,
	      char id[UUID_MAX], struct err *why)
{
	char made[UUID_MAX];

	if (!who_may(who, ACT_UNITS, why) || !name_ok(&name, why) || !db_begin(ac->db, why) ||
	    !db_leave(ac->db, make_site(ac, who, unit, name, uuid_new(made), why), why))
		return false;
	memcpy(id, made, sizeof made);
	return true;
}

static bool rename_site(struct access *ac, const struct who *who, struct str id, struct str name,
			struct err *why)
{
	char unit[UUID_MAX];

	if (!column(ac, "SELECT unit FROM sites WHERE id = $1", id, unit, why))
		return false;
	if (unit[0] == '\0')
		return err_set(why, ERR_ABSENT, 0, "there is no such site");
	return reaches(ac, who, str_of(unit), why) &&
	       name_free(ac, sites_named, str_of(unit), name, id, why) &&
	       db_run(ac->db, "UPDATE sites SET name = $2 WHERE id = $1",
		      DB_VALS(V_TEXT(id), V_TEXT(name)), why) &&
	       access_note(ac, who, "site.renamed", id, NOTE(F_TEXT("name", name)), why);
}

bool site_rename(struct access *ac, const struct who *who, struct str id, struct str name,
		 struct err *why)
{
	return who_may(who, ACT_UNITS, why) && name_ok(&name, why) && db_begin(ac->db, why) &&
	       db_leave(ac->db, rename_site(ac, who, id, name, why), why);
}

/* --- remove --- */

/* What may belong to a unit or a site; what is not named here the database refuses. */
enum thing {
	SOME_UNITS,
	SOME_SITES,
	SOME_SOURCES,
	SOME_ROLES,
	SOME_INVITES,
	SOME_TOKENS,
	SOME_ALERTS,
	SOME_EXCEPTIONS
};
struct belonging {
	enum thing thing;
	const char *sql;
};
static const struct belonging of_unit[] = {
	{ SOME_UNITS, "SELECT count(*) FROM units WHERE parent = $1" },
	{ SOME_SITES, "SELECT count(*) FROM sites WHERE unit = $1" },
	{ SOME_SOURCES, "SELECT count(*) FROM source_settings WHERE unit = $1" },
	{ SOME_ROLES, "SELECT count(*) FROM grants WHERE unit = $1" },
	{ SOME_INVITES, "SELECT count(*) FROM invites WHERE unit = $1" },
	{ SOME_TOKENS, "SELECT count(*) FROM tokens WHERE unit = $1" },
	{ SOME_ALERTS, "SELECT count(*) FROM alerts WHERE unit = $1" },
	{ SOME_EXCEPTIONS, "SELECT count(*) FROM exceptions WHERE unit = $1" },
};
static const struct belonging of_site[] = {
	{ SOME_SOURCES, "SELECT count(*) FROM source_settings WHERE site = $1" },
	{ SOME_ROLES, "SELECT count(*) FROM grants WHERE site = $1" },
	{ SOME_INVITES, "SELECT count(*) FROM invites WHERE site = $1" },
	{ SOME_TOKENS, "SELECT count(*) FROM tokens WHERE site = $1" },
	{ SOME_ALERTS, "SELECT count(*) FROM alerts WHERE site = $1" },
	{ SOME_EXCEPTIONS, "SELECT count(*) FROM exceptions WHERE site = $1" },
};

static bool keeps(enum thing thing, int64_t count, struct err *why)
{
	long long n = (long long)count;

	switch (thing) {
	case SOME_UNITS:
		return err_set(why, ERR_STATE, 0, "%lld units are below it", n);
	case SOME_SITES:
		return err_set(why, ERR_STATE, 0, "it has %lld sites", n);
	case SOME_SOURCES:
		return err_set(why, ERR_STATE, 0, "%lld sources are assigned to it", n);
	case SOME_ROLES:
		return err_set(why, ERR_STATE, 0, "%lld accounts hold a role for it", n);
	case SOME_INVITES:
		return err_set(why, ERR_STATE, 0, "%lld accounts were invited to a role for it", n);
	case SOME_TOKENS:
		return err_set(why, ERR_STATE, 0, "%lld tokens were made for it", n);
	case SOME_ALERTS:
		return err_set(why, ERR_STATE, 0, "%lld alerts belong to it", n);
	case SOME_EXCEPTIONS:
		break;
	}
	return err_set(why, ERR_STATE, 0, "%lld exceptions belong to it", n);
}

static bool is_empty(struct access *ac, const struct belonging *of, size_t n, struct str id,
		     struct err *why)
{
	for (size_t i = 0; i < n; i++) {
		int64_t count = 0;

		if (!db_number(ac->db, of[i].sql, DB_VALS(V_TEXT(id)), &count, why))
			return false;
		if (count > 0)
			return keeps(of[i].thing, count, why);
	}
	return true;
}

static bool remove_unit(struct access *ac, const struct who *who, struct str id, struct err *why)
{
	char parent[UUID_MAX];

	if (!reaches(ac, who, id, why) ||
	    !column(ac, "SELECT parent FROM units WHERE id = $1", id, parent, why))
		return false;
	if (parent[0] == '\0')
		return err_set(why, ERR_STATE, 0, "our own unit stays");
	return is_empty(ac, of_unit, COUNT(of_unit), id, why) &&
	       db_run(ac->db, "DELETE FROM units WHERE id = $1", DB_VALS(V_TEXT(id)), why) &&
	       access_note(ac, who, "unit.removed", id, NOTE(F_BOOL("removed", true)), why);
}

bool unit_remove(struct access *ac, const struct who *who, struct str id, struct err *why)
{
	return who_may(who, ACT_UNITS, why) && db_begin(ac->db, why) &&
	       db_leave(ac->db, remove_unit(ac, who, id, why), why);
}

static bool remove_site(struct access *ac, const struct who *who, struct str id, struct err *why)
{
	char unit[UUID_MAX];

	if (!column(ac, "SELECT unit FROM sites WHERE id = $1", id, unit, why))
		return false;
	if (unit[0] == '\0')
		return err_set(why, ERR_ABSENT, 0, "there is no such site");
	return reaches(ac, who, str_of(unit), why) &&
	       is_empty(ac, of_site, COUNT(of_site), id, why) &&
	       db_run(ac->db, "DELETE FROM sites WHERE id = $1", DB_VALS(V_TEXT(id)), why) &&
	       access_note(ac, who, "site.removed", id, NOTE(F_BOOL("removed", true)), why);
}

bool site_remove(struct access *ac, const struct who *who, struct str id, struct err *why)
{
	return who_may(who, ACT_UNITS, why) && db_begin(ac->db, why) &&
	       db_leave(ac->db, remove_site(ac, who, id, why), why);
}
