/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expire.c - retention: closed days go, the oldest first.
 *
 * First the newest file says that the day is gone, then the file is removed: a crash between leaves
 * a file too many, which the next round removes, never a day that is missed without a word.
 */
#include "store/writer_int.h"

#include <errno.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

static bool free_bytes(const char *folder, uint64_t *out, struct err *why)
{
	struct statvfs fs;

	if (statvfs(folder, &fs) == -1)
		return err_set(why, ERR_IO, 0, "cannot ask for the free space of '%s': %s", folder,
			       strerror(errno));
	*out = (uint64_t)fs.f_bavail * fs.f_frsize;
	return true;
}

/* The oldest closed day after `after` that is kept; *found false when there is none. */
static bool oldest(struct store *s, int32_t after, struct store_day *out, bool *found,
		   struct err *why)
{
	struct db_rows *r = db_query(s->db,
				     "SELECT " DAYS_COLUMNS " FROM days"
				     " WHERE gone IS NULL AND day > $1 ORDER BY day LIMIT 1",
				     DB_VALS(V_INT(after)), why);
	bool ok = true;

	*found = db_next(r);
	if (*found)
		ok = seal_day_take(r, out, why);
	return db_end(r, ok ? why : NULL) && ok;
}

static bool remove_day(struct store *s, struct store_day *day, struct err *why)
{
	char path[DAY_PATH_MAX];

	if (!day_path(s->folder, day->root.day, path, why))
		return false;
	day->gone = s->clock();
	if (!db_begin(s->db, why) || !db_leave(s->db, seal_day_put(s->db, day, why), why))
		return false;
	if (unlink(path) == -1 && errno != ENOENT)
		return err_set(why, ERR_IO, 0, "cannot remove '%s': %s", path, strerror(errno));
	return true;
}

/* Files that are gone by the table but not from the folder. */
static bool finish(struct store *s, struct err *why)
{
	struct db_rows *r = db_query(s->db, "SELECT day FROM days WHERE gone IS NOT NULL", NULL, 0,
				     why);
	char path[DAY_PATH_MAX];
	bool ok = true;

	while (ok && db_next(r)) {
		ok = day_path(s->folder, (int32_t)db_int(r, 0), path, why);
		if (ok && unlink(path) == -1 && errno != ENOENT)
			ok = err_set(why, ERR_IO, 0, "cannot remove '%s': %s", path,
				     strerror(errno));
	}
	return db_end(r, ok ? why : NULL) && ok;
}

bool store_expire(struct store *s, const struct store_policy *p, struct err *why)
{
	int32_t today = day_of(s->clock()), after = INT32_MIN;
	struct store_day day = { 0 };
	bool found = true, short_of_space = false;
	uint64_t bytes = 0;

	if (!finish(s, why))
		return false;
	while (found) {
		if (!free_bytes(s->folder, &bytes, why) || !oldest(s, after, &day, &found, why))
			return false;
		short_of_space = bytes < p->min_free_bytes;
		bool old = found && p->keep_days > 0 && day.root.day < today - p->keep_days;

		if (!found || (!old && !short_of_space))
			break;
		after = day.root.day;
		if (p->held != NULL && p->held(p->ctx, day.root.day))
			continue;
		if (!remove_day(s, &day, why))
			return false;
		if (p->gone != NULL)
			p->gone(p->ctx, &day, old ? "age" : "space");
	}
	if (short_of_space)
		return err_set(why, ERR_LIMIT, 0,
			       "the disk is short of space and no more days may go");
	return true;
}
