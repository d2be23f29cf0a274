/* SPDX-License-Identifier: Apache-2.0 */
#include "state/scope.h"

#include "state/ledger.h"
#include "state/state.h"

bool scope_of_home(struct db *db, const struct home *home, struct scope *out, struct err *why)
{
	struct scope s = { "", "" };
	char own[UUID_MAX];

	if (!state_unit(db, own, why))
		return false;
	if (home->site[0] != '\0' || strcmp(home->unit, own) != 0) {
		memcpy(s.unit, home->unit, sizeof s.unit);
		memcpy(s.site, home->site, sizeof s.site);
	}
	*out = s;
	return true;
}

bool scope_has(struct db *db, const struct scope *s, const struct home *home, bool *out,
	       struct err *why)
{
	int64_t n = 1;

	if (!scope_is_whole(s) &&
	    !db_number(db, "SELECT count(*) WHERE " IN_SCOPE("$3", "$4", "$1", "$2"),
		       DB_VALS(SCOPE_VALS(s), HOME_VALS(home)), &n, why))
		return false;
	*out = n > 0;
	return true;
}

bool scope_home(struct db *db, const struct scope *s, struct home *out, struct err *why)
{
	struct home h = { "", "" };

	if (scope_is_whole(s)) {
		if (!state_unit(db, h.unit, why))
			return false;
	} else {
		memcpy(h.unit, s->unit, sizeof h.unit);
		memcpy(h.site, s->site, sizeof h.site);
	}
	*out = h;
	return true;
}

static bool no_such(struct err *why)
{
	return err_set(why, ERR_INPUT, 0, "there is no such unit or site");
}

/* The unit of the site, when only that was named. */
static bool unit_of(struct db *db, struct home *h, struct err *why)
{
	struct db_rows *r = db_query(db, "SELECT unit FROM sites WHERE id = $1",
				     DB_VALS(V_Z(h->site)), why);
	struct home found = *h;

	if (db_next(r))
		db_put(r, 0, found.unit, sizeof found.unit);
	if (!db_end(r, why))
		return false;
	if (found.unit[0] == '\0' || (h->unit[0] != '\0' && strcmp(h->unit, found.unit) != 0))
		return no_such(why);
	*h = found;
	return true;
}

bool scope_pick(struct db *db, const struct scope *s, struct str unit, struct str site,
		struct home *out, struct err *why)
{
	struct home h = { "", "" };
	int64_t n;
	bool in;

	if (unit.n == 0 && site.n == 0)
		return scope_home(db, s, out, why);
	if ((unit.n > 0 && !uuid_valid(unit)) || (site.n > 0 && !uuid_valid(site)))
		return no_such(why);
	memcpy(h.unit, unit.p == NULL ? "" : unit.p, unit.n);
	memcpy(h.site, site.p == NULL ? "" : site.p, site.n);
	if (site.n > 0 && !unit_of(db, &h, why))
		return false;
	if (!db_number(db, "SELECT count(*) FROM units WHERE id = $1", DB_VALS(V_Z(h.unit)), &n,
		       why) ||
	    !scope_has(db, s, &h, &in, why))
		return false;
	if (n == 0 || !in)
		return no_such(why);
	*out = h;
	return true;
}

bool source_home(struct db *db, struct str source, struct str sender, struct home *out,
		 struct err *why)
{
	struct home h = { "", "" };
	struct db_rows *r = db_query(
		db,
		"SELECT unit, site FROM ("
		"SELECT 1 AS rank, unit, site FROM source_settings WHERE source = $1 AND assigned = 1"
		" UNION ALL SELECT 2, unit, site FROM tokens WHERE id = $2"
		" UNION ALL SELECT 3, unit, site FROM grants WHERE user_id = $2"
		" UNION ALL SELECT 4, id, NULL FROM units WHERE parent IS NULL"
		") AS homes ORDER BY rank LIMIT 1",
		DB_VALS(V_TEXT(source), V_TEXT(sender)), why);

	if (db_next(r)) {
		db_put(r, 0, h.unit, sizeof h.unit);
		db_put(r, 1, h.site, sizeof h.site);
	}
	if (!db_end(r, why))
		return false;
	*out = h;
	return true;
}

static bool assign(struct db *db, struct str source, const struct home *h, const char *actor,
		   struct err *why)
{
	const struct ledger_note note = { actor, "source.assigned", source, TIME_NONE };
	struct db_val site = V_Z(h->site[0] != '\0' ? h->site : NULL);

	return db_run(db,
		      "INSERT INTO source_settings (source, unit, site, assigned, changed,"
		      " changed_by) VALUES ($1, $2, $3, 1, $4, $5) ON CONFLICT (source) DO UPDATE"
		      " SET unit = excluded.unit, site = excluded.site, assigned = 1,"
		      " changed = excluded.changed, changed_by = excluded.changed_by",
		      DB_VALS(V_TEXT(source), V_Z(h->unit), site, V_TIME(time_now()), V_Z(actor)),
		      why) &&
	       ledger_append(db, &note, LEDGER_FIELDS(F_Z("site", h->site), F_Z("unit", h->unit)),
			     NULL, why);
}

bool source_home_put(struct db *db, struct str source, const struct home *home, const char *actor,
		     struct err *why)
{
	return db_begin(db, why) && db_leave(db, assign(db, source, home, actor, why), why);
}
