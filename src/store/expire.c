/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expire.c - retention: closed days go, the oldest first.
 *
 * First the newest file says that the day is gone, then the file is removed: a crash between leaves
 * a file too many, which the next round removes, never a day that is missed without a word. On a disk
 * that is full nothing could be said any more: a file "reserve" keeps the room for that.
 */
#include "store/writer_int.h"

#include <errno.h>
#include <fcntl.h>
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

enum { RESERVE_BYTES = 4 << 20 };

static void reserve_path(const struct store *s, char out[DAY_PATH_MAX + 16])
{
	snprintf(out, DAY_PATH_MAX + 16, "%s/reserve", s->folder);
}

/* Without it a full disk is freed by nobody but the operator. */
static void make_reserve(const struct store *s)
{
	char path[DAY_PATH_MAX + 16];
	int fd;

	reserve_path(s, path);
	if (access(path, F_OK) == 0)
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		return;
	bool ok = posix_fallocate(fd, 0, RESERVE_BYTES) == 0;
	close(fd);
	if (!ok)
		unlink(path);
}

static bool drop_reserve(const struct store *s, struct err *why)
{
	char path[DAY_PATH_MAX + 16];

	reserve_path(s, path);
	if (unlink(path) == -1 && errno != ENOENT)
		return err_set(why, ERR_IO, 0, "cannot remove '%s': %s", path, strerror(errno));
	return true;
}

static bool mark_gone(struct store *s, const struct store_day *day, struct err *why)
{
	return db_begin(s->db, why) && db_leave(s->db, seal_day_put(s->db, day, why), why);
}

static bool mark_with_reserve(struct store *s, const struct store_day *day, struct err *why)
{
	return mark_gone(s, day, why) || (drop_reserve(s, why) && mark_gone(s, day, why));
}

static bool remove_day(struct store *s, struct store_day *day, struct err *why)
{
	char path[DAY_PATH_MAX];

	if (!day_path(s->folder, day->root.day, path, why))
		return false;
	day->gone = s->clock();
	if (!mark_with_reserve(s, day, why))
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

/*
 * A day that is over but not closed yet cannot go. Where nothing else is left to go, close one at
 * once, in the room of the reserve: whoever waits for space does not tick. Meanwhile the newest file
 * is not checkpointed, which would take that room; afterwards the reserve is there again, before
 * the next commit takes it.
 */
static bool close_one(struct store *s, bool *closed, struct err *why)
{
	size_t open = store_closing(s);

	*closed = false;
	if (open == 0)
		return true;
	bool ok = drop_reserve(s, why) && roll_checkpoints(s, false, why);

	while (ok && store_closing(s) == open)
		ok = roll_close(s, why);
	*closed = ok;
	make_reserve(s);
	return roll_checkpoints(s, true, ok ? why : NULL) && ok;
}

/*
 * Let the oldest day that may go go: it is too old, or the disk is short of space. *more: look again,
 * behind day *after. *bytes: the free space there was.
 */
static bool expire_one(struct store *s, const struct store_policy *p, int32_t *after,
		       uint64_t *bytes, bool *more, struct err *why)
{
	int32_t oldest_kept = day_of(s->clock()) - p->keep_days;
	struct store_day day = { 0 };
	bool found = false;

	*more = false;
	if (!free_bytes(s->folder, bytes, why) || !oldest(s, *after, &day, &found, why))
		return false;
	bool is_short = *bytes < p->min_free_bytes;

	if (!found)
		return !is_short || close_one(s, more, why);
	bool old = p->keep_days > 0 && day.root.day < oldest_kept;

	if (!old && !is_short)
		return true;
	*more = true;
	*after = day.root.day;
	if (p->held != NULL && p->held(p->ctx, day.root.day))
		return true;
	if (!remove_day(s, &day, why))
		return false;
	if (p->gone != NULL)
		p->gone(p->ctx, &day, old ? "age" : "space");
	return true;
}

bool store_expire(struct store *s, const struct store_policy *p, struct err *why)
{
	int32_t after = INT32_MIN;
	uint64_t bytes = 0;
	bool more = true;

	if (!finish(s, why))
		return false;
	while (more)
		if (!expire_one(s, p, &after, &bytes, &more, why))
			return false;
	if (bytes >= 4 * (uint64_t)RESERVE_BYTES)
		make_reserve(s);
	if (bytes < p->min_free_bytes)
		return err_set(why, ERR_LIMIT, 0,
			       "the disk is short of space and no more days may go");
	return true;
}
