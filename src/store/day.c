/* SPDX-License-Identifier: Apache-2.0 */
/* day.c - names and tables of day files. */
#include "store/day.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_DAYS = 100000 };

/* clang-format off */
const char day_schema[] =
	"CREATE TABLE day(day INTEGER PRIMARY KEY, version INTEGER NOT NULL, zone_s INTEGER NOT NULL,"
	" opened INTEGER NOT NULL, closed INTEGER, sum INTEGER NOT NULL) STRICT;\n"
	"CREATE TABLE blocks(n INTEGER PRIMARY KEY, batch INTEGER NOT NULL, written INTEGER NOT NULL,"
	" time_min INTEGER NOT NULL, time_max INTEGER NOT NULL, received_min INTEGER NOT NULL,"
	" received_max INTEGER NOT NULL, records INTEGER NOT NULL, raw INTEGER NOT NULL,"
	" size INTEGER NOT NULL, hash BLOB NOT NULL, hits INTEGER NOT NULL, hits_hash BLOB NOT NULL,"
	" leaf BLOB NOT NULL) STRICT;\n"
	"CREATE TABLE bodies(n INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;\n"
	"CREATE TABLE hits(batch INTEGER NOT NULL, n INTEGER NOT NULL, block INTEGER NOT NULL,"
	" record INTEGER NOT NULL, time INTEGER NOT NULL, kind TEXT NOT NULL,"
	" severity TEXT NOT NULL, use TEXT NOT NULL, excepted INTEGER NOT NULL, id TEXT NOT NULL,"
	" line INTEGER NOT NULL, indicator TEXT NOT NULL, type TEXT NOT NULL, field TEXT NOT NULL,"
	" matched TEXT NOT NULL, about BLOB NOT NULL, PRIMARY KEY(batch, n)) STRICT, WITHOUT ROWID;\n"
	"CREATE TABLE abouts(hash BLOB PRIMARY KEY, about TEXT NOT NULL) STRICT, WITHOUT ROWID;\n"
	"CREATE TABLE sources(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, peer TEXT NOT NULL,"
	" name TEXT NOT NULL, overflow INTEGER NOT NULL, first_seen INTEGER, last_seen INTEGER,"
	" stored INTEGER NOT NULL, unparsed INTEGER NOT NULL, dropped INTEGER NOT NULL,"
	" hosts INTEGER NOT NULL, carried_stored INTEGER NOT NULL,"
	" carried_unparsed INTEGER NOT NULL, carried_dropped INTEGER NOT NULL,"
	" context TEXT NOT NULL,"
	" sum INTEGER NOT NULL) STRICT;\n"
	"CREATE TABLE counts(source INTEGER NOT NULL, what TEXT NOT NULL, name TEXT NOT NULL,"
	" n INTEGER NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY(source, what, name))"
	" STRICT, WITHOUT ROWID;\n"
	"CREATE TABLE hosts(source INTEGER NOT NULL, name TEXT NOT NULL, first_seen INTEGER NOT NULL,"
	" sum INTEGER NOT NULL, PRIMARY KEY(source, name)) STRICT, WITHOUT ROWID;\n"
	"CREATE TABLE streams(key TEXT PRIMARY KEY, at INTEGER NOT NULL, place INTEGER NOT NULL,"
	" inode INTEGER NOT NULL, head BLOB NOT NULL, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;\n"
	"CREATE TABLE answers(key BLOB PRIMARY KEY, at INTEGER NOT NULL, request BLOB NOT NULL,"
	" answer TEXT NOT NULL, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;\n"
	"CREATE TABLE days(day INTEGER PRIMARY KEY, closed INTEGER NOT NULL, blocks INTEGER NOT NULL,"
	" records INTEGER NOT NULL, time_min INTEGER, time_max INTEGER, root BLOB NOT NULL,"
	" size INTEGER NOT NULL, hash BLOB NOT NULL,"
	" gone INTEGER, sum INTEGER NOT NULL) STRICT;\n";

const struct day_table day_tables[] = {
	{ "day", "SELECT day, version, zone_s, opened, closed, sum FROM day", "iiiii" },
	{ "sources", "SELECT id, kind, peer, name, overflow, first_seen, last_seen, stored, unparsed,"
	  " dropped, hosts, carried_stored, carried_unparsed, carried_dropped, context, sum FROM sources",
	  "itttiiiiiiiiiit" },
	{ "counts", "SELECT source, what, name, n, sum FROM counts", "itti" },
	{ "hosts", "SELECT source, name, first_seen, sum FROM hosts", "iti" },
	{ "streams", "SELECT key, at, place, inode, head, sum FROM streams", "tiiib" },
	{ "answers", "SELECT key, at, request, answer, sum FROM answers", "bibt" },
	{ "days", "SELECT day, closed, blocks, records, time_min, time_max, root, size, hash, gone, sum"
	  " FROM days",
	  "iiiiiibibi" },
};
/* clang-format on */
const size_t day_tables_n = COUNT(day_tables);

int32_t day_of(int64_t t)
{
	int64_t shifted = t + DAY_ZONE_S * TIME_SECOND;
	int64_t day = shifted / TIME_DAY - (shifted % TIME_DAY < 0);

	return (int32_t)day;
}

int64_t day_begin(int32_t day)
{
	return day * TIME_DAY - DAY_ZONE_S * TIME_SECOND;
}

const char *day_text(int32_t day, char out[TIME_TEXT_MAX])
{
	return time_date(day * TIME_DAY, out);
}

bool day_parse(struct str text, int32_t *out)
{
	int64_t t;

	if (text.n != 10 || !time_parse_date(text, &t))
		return false;
	*out = (int32_t)(t / TIME_DAY);
	return true;
}

bool day_path(const char *folder, int32_t day, char out[DAY_PATH_MAX], struct err *why)
{
	char date[TIME_TEXT_MAX];

	if (snprintf(out, DAY_PATH_MAX, "%s/%s.db", folder, day_text(day, date)) >= DAY_PATH_MAX)
		return err_set(why, ERR_LIMIT, 0, "the folder's name is too long");
	return true;
}

static int by_day(const void *a, const void *b)
{
	const int32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool collect(DIR *dir, struct arena *a, int32_t **out, size_t *n, struct err *why)
{
	size_t cap = 64, have = 0;
	int32_t *days = NEW(a, int32_t, cap);
	struct dirent *entry;

	while (days != NULL && (entry = readdir(dir)) != NULL) {
		struct str name = str_of(entry->d_name);
		int32_t day;

		if (name.n != 13 || !str_ends(name, STR(".db")) ||
		    !day_parse(str_sub(name, 0, 10), &day))
			continue;
		if (have == cap && cap < MAX_DAYS) {
			int32_t *more = NEW(a, int32_t, 4 * cap);

			if (more != NULL)
				memcpy(more, days, have * sizeof *days);
			days = more;
			cap *= 4;
		}
		if (days != NULL && have < cap)
			days[have++] = day;
	}
	if (days == NULL)
		return err_set(why, ERR_LIMIT, 0, "too many day files");
	qsort(days, have, sizeof *days, by_day);
	*out = days;
	*n = have;
	return true;
}

bool day_list(struct arena *a, const char *folder, int32_t **out, size_t *n, struct err *why)
{
	DIR *dir = opendir(folder);

	if (dir == NULL && errno == ENOENT) {
		*out = NULL;
		*n = 0;
		return true;
	}
	if (dir == NULL)
		return err_set(why, ERR_IO, 0, "cannot open '%s': %s", folder, strerror(errno));
	bool ok = collect(dir, a, out, n, why);
	closedir(dir);
	return ok;
}

bool day_make(struct db *db, struct err *why)
{
	return db_script(db, day_schema, why);
}

bool day_check(struct db *db, int32_t day, struct err *why)
{
	int64_t n, version;
	char date[TIME_TEXT_MAX];

	if (!db_number(db, "SELECT count(*) FROM sqlite_master", NULL, 0, &n, why))
		return false;
	day_text(day, date);
	if (n == 0)
		return err_set(why, ERR_ABSENT, 0, "the file of day %s was never begun", date);
	if (!db_number(db, "SELECT version FROM day WHERE day = $1", DB_VALS(V_INT(day)), &version,
		       why))
		return why != NULL && why->kind == ERR_ABSENT
			       ? err_set(why, ERR_INPUT, 0, "the file of day %s is of another day",
					 date)
			       : false;
	if (version != DAY_VERSION)
		return err_set(why, ERR_STATE, 0, "the file of day %s has form %jd, known is %d",
			       date, (intmax_t)version, DAY_VERSION);
	return true;
}

struct db *day_open(const char *folder, int32_t day, struct err *why)
{
	char path[DAY_PATH_MAX];

	if (!day_path(folder, day, path, why))
		return NULL;
	struct db *db = db_open(path, DB_READ, 0, why);

	if (db == NULL || day_check(db, day, why))
		return db;
	db_close(db);
	return NULL;
}
