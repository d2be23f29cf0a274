/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roll.c - from one day's file to the next.
 *
 * A new file gets its tables and everything that goes on (totals of the sources, positions, answers,
 * hashes of the days before) in one transaction, so it is whole or was never begun. Then the old
 * one is closed, a piece at each tick: out of WAL mode, hashed, its hash put into the newest file.
 * A day that has such a row is never opened for writing again. A crash anywhere repeats the rest.
 */
#include "store/writer_int.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HASH_STEP = 32 << 20, HASH_PIECE = 1 << 20 };

/* --- a new day --- */

static bool sync_folder(const char *folder, struct err *why)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd != -1 && fsync(fd) == 0;
	int code = errno;

	if (fd != -1)
		close(fd);
	return ok ? true : err_set(why, ERR_IO, 0, "cannot sync '%s': %s", folder, strerror(code));
}

/* Rows that go on, as a statement that reads them and one that writes them with their check. */
struct carried {
	const char *select, *kinds, *insert;
};
// clang-format off
static const struct carried hosts = {
	"SELECT source, name, first_seen FROM hosts WHERE source > $1", "iti",
	"INSERT INTO hosts(source, name, first_seen, sum) VALUES($1, $2, $3, $4)",
};
static const struct carried streams = {
	"SELECT key, at, place, inode, head FROM streams ORDER BY at DESC LIMIT $1", "tiiib",
	"INSERT INTO streams(key, at, place, inode, head, sum) VALUES($1, $2, $3, $4, $5, $6)",
};
static const struct carried answers = {
	"SELECT key, at, request, answer FROM answers WHERE at > $1", "bibt",
	"INSERT INTO answers(key, at, request, answer, sum) VALUES($1, $2, $3, $4, $5)",
};
static const struct carried closed_days = {
	"SELECT " DAYS_COLUMNS " FROM days WHERE day > $1", "iiiiiibibi",
	"INSERT INTO days(" DAYS_COLUMNS ", sum) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
};
// clang-format on

static bool copy_rows(struct db *from, struct db *to, const struct carried *c, int64_t arg,
		      struct err *why)
{
	struct db_rows *r = db_query(from, c->select, DB_VALS(V_INT(arg)), why);
	struct db_val vals[ROW_MAX];
	bool ok = true;

	while (ok && db_next(r)) {
		size_t n = row_take(r, c->kinds, vals);

		ok = row_put(to, c->insert, vals, n, why);
	}
	return db_end(r, ok ? why : NULL) && ok;
}

static bool carry(const struct store *s, struct db *to, int64_t now, struct err *why)
{
	return sources_carry(s->sources, to, why) && copy_rows(s->db, to, &hosts, 0, why) &&
	       copy_rows(s->db, to, &streams, STORE_MAX_STREAMS, why) &&
	       copy_rows(s->db, to, &answers, now - TIME_DAY, why) &&
	       copy_rows(s->db, to, &closed_days, INT64_MIN, why);
}

static bool fill(const struct store *s, struct db *db, int32_t day, int64_t now, struct err *why)
{
	const struct db_val vals[] = { V_INT(day), V_INT(DAY_VERSION), V_INT(DAY_ZONE_S),
				       V_TIME(now), V_NULL };

	return day_make(db, why) &&
	       row_put(db,
		       "INSERT INTO day(day, version, zone_s, opened, closed, sum)"
		       " VALUES($1, $2, $3, $4, $5, $6)",
		       vals, COUNT(vals), why) &&
	       (s->db == NULL || carry(s, db, now, why));
}

static bool checkpoints(struct db *db, bool on, struct err *why)
{
	char answer[32];

	return db_pragma(db, on ? "wal_autocheckpoint=256" : "wal_autocheckpoint=0", answer,
			 sizeof answer, why);
}

bool roll_checkpoints(struct store *s, bool on, struct err *why)
{
	return checkpoints(s->db, on, why);
}

static bool tune(struct db *db, struct err *why)
{
	char answer[32];

	return checkpoints(db, true, why) &&
	       db_pragma(db, "cache_size=-16384", answer, sizeof answer, why);
}

static struct db *make_day(const struct store *s, int32_t day, struct err *why)
{
	char path[DAY_PATH_MAX];

	if (!day_path(s->folder, day, path, why))
		return NULL;
	struct db *db = db_open(path, DB_CREATE, DAY_PAGE, why);

	if (db == NULL)
		return NULL;
	if (tune(db, why) && db_begin(db, why) &&
	    db_leave(db, fill(s, db, day, s->clock(), why), why) && sync_folder(s->folder, why))
		return db;
	db_close(db);
	return NULL;
}

static void to_close(struct store *s, int32_t day)
{
	if (s->closing.n < CLOSING_MAX)
		s->closing.days[s->closing.n++] = day;
}

static bool count_answers(struct store *s, struct err *why)
{
	return db_number(s->db, "SELECT count(*) FROM answers", NULL, 0, &s->answers, why);
}

/* Go over to `day`, which has no begun file. */
static bool roll(struct store *s, int32_t day, struct err *why)
{
	struct db *db = make_day(s, day, why);

	if (db == NULL)
		return false;
	if (s->db != NULL)
		to_close(s, s->root.day);
	db_close(s->db);
	s->db = db;
	sources_carried(s->sources);
	s->tree = (struct merkle_range){ 0 };
	s->root = (struct store_root){ .day = day, .time_min = TIME_NONE, .time_max = TIME_NONE };
	merkle_range_root(&s->tree, &s->root.root);
	s->batch = 0;
	return count_answers(s, why);
}

bool roll_due(struct store *s, struct err *why)
{
	int32_t today = day_of(s->clock());

	return today <= s->root.day || roll(s, today, why);
}

/* --- opening --- */

static bool load(struct store *s, int32_t day, struct err *why)
{
	return tune(s->db, why) && sources_load(s->sources, s->db, why) &&
	       seal_load(s->db, day, -1, &s->tree, &s->root, why) &&
	       db_number(s->db, "SELECT max(batch) FROM blocks", NULL, 0, &s->batch, why) &&
	       count_answers(s, why);
}

/* Go on with a day's file. False with ERR_ABSENT when it was never begun; else it is damaged. */
static bool take_day(struct store *s, int32_t day, struct err *why)
{
	char path[DAY_PATH_MAX];

	if (!day_path(s->folder, day, path, why))
		return false;
	s->db = db_open(path, DB_WRITE, 0, why);
	if (s->db != NULL && day_check(s->db, day, why) && load(s, day, why))
		return true;
	db_close(s->db);
	s->db = NULL;
	sources_free(s->sources); /* it may have been half filled */
	s->sources = sources_new();
	return s->sources != NULL ? false : err_set(why, ERR_IO, 0, "no memory");
}

/* Take up the newest of days[n] that was begun and is not damaged; s->db stays NULL where there is
 * none. */
static bool take_up(struct store *s, const int32_t *days, size_t n, struct err *why)
{
	struct err here = { 0 };

	for (size_t i = n; s->db == NULL && i-- > 0;) {
		if (take_day(s, days[i], &here))
			return true;
		if (here.kind == ERR_INPUT && s->damaged.kind == ERR_NONE)
			s->damaged = here;
		if (here.kind == ERR_INPUT || here.kind == ERR_ABSENT)
			continue;
		if (why != NULL)
			*why = here;
		return false;
	}
	return true;
}

/* Which of days[n] are older than the newest and have no row that says they are closed. */
static bool find_open(struct store *s, const int32_t *days, size_t n, struct err *why)
{
	for (size_t i = 0; i < n && days[i] < s->root.day; i++) {
		int64_t closed;

		if (!db_number(s->db, "SELECT count(*) FROM days WHERE day = $1",
			       DB_VALS(V_INT(days[i])), &closed, why))
			return false;
		if (closed == 0)
			to_close(s, days[i]);
	}
	return true;
}

static bool open_days(struct store *s, struct arena *a, struct err *why)
{
	int32_t *days, today = day_of(s->clock());
	size_t n;

	if (!day_list(a, s->folder, &days, &n, why) || !take_up(s, days, n, why))
		return false;
	if (s->db != NULL && !find_open(s, days, n, why))
		return false;
	if (n > 0 && days[n - 1] > today)
		today = days[n - 1]; /* the clock went back: never before what was begun */
	if (s->damaged.kind != ERR_NONE && days[n - 1] == today)
		today++; /* what is damaged stays as it is */
	return (s->db != NULL && s->root.day >= today) || roll(s, today, why);
}

bool roll_open(struct store *s, struct err *why)
{
	struct arena a = s->whole;
	bool ok = open_days(s, &a, why);

	arena_trim(s->whole, STAGE_KEEP);
	return ok;
}

/* --- closing --- */

/* Out of WAL mode and marked; fails, to be tried again, while a reader has the file open. */
static bool settle(struct db *db, int32_t day, int64_t now, struct store_root *out, struct err *why)
{
	struct merkle_range tree;
	char answer[32];
	int64_t opened;

	if (!db_pragma(db, "busy_timeout=200", answer, sizeof answer, why) ||
	    !db_number(db, "SELECT opened FROM day", NULL, 0, &opened, why))
		return false;
	const struct db_val vals[] = { V_INT(day), V_INT(DAY_VERSION), V_INT(DAY_ZONE_S),
				       V_TIME(opened), V_TIME(now) };

	if (!row_put(db,
		     "INSERT INTO day(day, version, zone_s, opened, closed, sum)"
		     " VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT(day) DO UPDATE SET"
		     " closed = excluded.closed, sum = excluded.sum",
		     vals, COUNT(vals), why) ||
	    !seal_load(db, day, -1, &tree, out, why) ||
	    !db_pragma(db, "journal_mode=DELETE", answer, sizeof answer, why))
		return false;
	return strcmp(answer, "delete") == 0 ? true
					     : err_set(why, ERR_STATE, 0, "the day is being read");
}

/* Begin to close: the file in its last form, open for hashing. */
static bool close_begin(struct store *s, const char *path, struct err *why)
{
	struct closing *c = &s->closing;
	struct db *db = db_open(path, DB_WRITE, 0, why);
	bool ok;

	if (db == NULL)
		return false;
	c->day = (struct store_day){ .closed = s->clock(), .gone = TIME_NONE };
	ok = settle(db, c->days[0], c->day.closed, &c->day.root, why);
	db_close(db);
	if (!ok)
		return false;
	c->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (c->fd == -1)
		return err_set(why, ERR_IO, 0, "cannot open '%s': %s", path, strerror(errno));
	hash_begin(&c->hash, HASH_SHA256);
	return true;
}

static void close_next(struct closing *c)
{
	c->n--;
	memmove(c->days, c->days + 1, c->n * sizeof *c->days);
}

void roll_stop(struct store *s)
{
	struct closing *c = &s->closing;

	if (c->fd == -1)
		return;
	close(c->fd);
	c->fd = -1;
	hash_end(&c->hash, NULL);
}

static bool close_end(struct store *s, struct err *why)
{
	struct closing *c = &s->closing;

	hash_end(&c->hash, c->day.hash);
	(void)fchmod(c->fd, 0400); /* against accidents; the hash is what proves */
	close(c->fd);
	c->fd = -1;
	if (!db_begin(s->db, why) || !db_leave(s->db, seal_day_put(s->db, &c->day, why), why))
		return false;
	close_next(c);
	return true;
}

/* Hash one more piece of the file. */
static bool close_step(struct store *s, struct err *why)
{
	struct closing *c = &s->closing;
	static char piece[HASH_PIECE]; /* one store a process: the folder is locked */
	ssize_t n = 1;

	for (size_t done = 0; n > 0 && done < HASH_STEP; done += (size_t)n) {
		n = read(c->fd, piece, sizeof piece);
		if (n < 0) {
			bool ok = err_set(why, ERR_IO, (size_t)c->day.size, "%s", strerror(errno));

			roll_stop(s);
			return ok;
		}
		hash_add(&c->hash, (struct str){ piece, (size_t)n });
		c->day.size += n;
	}
	return n > 0 || close_end(s, why);
}

const struct err *store_damaged(const struct store *s)
{
	return s->damaged.kind == ERR_NONE ? NULL : &s->damaged;
}

size_t store_closing(const struct store *s)
{
	return s->closing.n;
}

bool roll_close(struct store *s, struct err *why)
{
	struct closing *c = &s->closing;
	char path[DAY_PATH_MAX];
	bool ok;

	if (c->n == 0)
		return true;
	if (c->fd != -1)
		return close_step(s, why);
	if (!day_path(s->folder, c->days[0], path, why))
		return false;
	ok = close_begin(s, path, why) && close_step(s, why);
	if (!ok && c->n > 1) { /* the others need not wait for this one */
		int32_t day = c->days[0];

		close_next(c);
		to_close(s, day);
	}
	return ok;
}

bool store_tick(struct store *s, struct err *why)
{
	return roll_due(s, why) && roll_close(s, why);
}
