/* SPDX-License-Identifier: Apache-2.0 */
#include "state/state.h"

#include "state/migrate.h"

#include <limits.h>
#include <stdio.h>

static bool make_unit(struct db *db, struct err *why)
{
	char id[UUID_MAX];

	return db_run(db,
		      "INSERT INTO units (id, parent, name, created) "
		      "SELECT $1, NULL, '', $2 WHERE NOT EXISTS (SELECT 1 FROM units)",
		      DB_VALS(V_Z(uuid_new(id)), V_TIME(time_now())), why);
}

struct db *state_open(const char *dir, enum db_access access, struct err *why)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof path, "%s/state.db", dir) >= (int)sizeof path) {
		(void)err_set(why, ERR_LIMIT, 0, "name too long: '%s'", dir);
		return NULL;
	}
	struct db *db = db_open(path, access, 0, why);

	if (db == NULL)
		return NULL;
	bool ok = access == DB_CREATE
			  ? migrate(db, migrations, nmigrations, why) && make_unit(db, why)
			  : migrate_check(db, migrations, nmigrations, why);
	if (ok)
		return db;
	db_close(db);
	return NULL;
}

bool state_unit(struct db *db, char out[UUID_MAX], struct err *why)
{
	struct db_rows *r = db_query(db, "SELECT id FROM units WHERE parent IS NULL", NULL, 0, why);
	bool found = db_next(r);

	if (found)
		db_put(r, 0, out, UUID_MAX);
	if (!db_end(r, why))
		return false;
	return found || err_set(why, ERR_ABSENT, 0, "this data has no unit of its own");
}

bool state_setting(struct db *db, struct arena *a, const char *name, struct str *out,
		   struct err *why)
{
	struct db_rows *r = db_query(db,
				     "SELECT s.value_json FROM settings s JOIN units u "
				     "ON u.id = s.unit WHERE u.parent IS NULL AND s.name = $1",
				     DB_VALS(V_Z(name)), why);
	bool found = db_next(r);
	struct str value = found ? db_keep(r, 0, a) : STR("");

	if (!db_end(r, why))
		return false;
	if (value.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "the setting '%s' is too long", name);
	*out = value;
	return true;
}

bool state_setting_put(struct db *db, const char *name, struct str json, const char *actor,
		       struct err *why)
{
	char unit[UUID_MAX];

	return state_unit(db, unit, why) &&
	       db_run(db,
		      "INSERT INTO settings (unit, name, value_json, changed, changed_by) "
		      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (unit, name) DO UPDATE SET "
		      "value_json = excluded.value_json, changed = excluded.changed, "
		      "changed_by = excluded.changed_by",
		      DB_VALS(V_Z(unit), V_Z(name), V_TEXT(json), V_TIME(time_now()), V_Z(actor)),
		      why);
}
