/* SPDX-License-Identifier: Apache-2.0 */
#include "state/witness.h"

#include "base/file.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define HEARD_KEPT (7 * TIME_DAY)

bool witness_parse(struct arena *a, struct str text, struct head **out, size_t *nout,
		   size_t *skipped, struct err *why)
{
	struct str rest = text, line;
	size_t most = 0, n = 0, at = 0, others = 0;

	while (str_line(&rest, &line))
		most += str_starts(str_trim(line), STR("canh-head-"));
	struct head *list = NEW(a, struct head, most > 0 ? most : 1);

	if (list == NULL)
		return err_set(why, ERR_LIMIT, 0, "too many heads in one witness file");
	rest = text;
	while (str_line(&rest, &line)) {
		at++;
		if (!str_starts(str_trim(line), STR("canh-head-"))) {
			others += str_trim(line).n > 0;
			continue;
		}
		if (!head_parse(line, &list[n], why))
			return err_set(why, ERR_INPUT, at,
				       "line %zu of the witness is not the head of a ledger", at);
		n++;
	}
	*out = list;
	*nout = n;
	*skipped = others;
	return true;
}

bool witness_append(const char *path, const struct head *h, struct err *why)
{
	char text[HEAD_TEXT_MAX + 1];
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
		      0644);

	if (fd == -1)
		return err_set(why, ERR_IO, 0, "cannot open '%s': %s", path, strerror(errno));
	head_text(h, text);
	size_t n = strlen(text);

	text[n] = '\n';
	bool ok = fd_write_all(fd, (struct str){ text, n + 1 }, why);

	if (ok && fsync(fd) == -1 && errno != EINVAL)
		ok = err_set(why, ERR_IO, 0, "cannot write '%s': %s", path, strerror(errno));
	close(fd);
	return ok;
}

/* After a week, but for the last time that it succeeded: that there ever was one is not forgotten. */
static bool forget(struct db *db, const char *target, int64_t now, struct err *why)
{
	return db_run(
		db,
		"DELETE FROM witness_heads WHERE target = $1 AND at < $2 AND EXISTS (SELECT 1 "
		"FROM witness_heads n WHERE n.target = $1 AND n.ok = 1 AND n.at > "
		"witness_heads.at)",
		DB_VALS(V_Z(target), V_TIME(now - HEARD_KEPT)), why);
}

bool witness_write(struct db *db, const char *path, struct err *why)
{
	int64_t now = time_now();
	struct head h;
	struct err inner = { 0 };

	if (!ledger_head(db, &h, why))
		return false;
	bool ok = witness_append(path, &h, &inner);

	if (!db_begin(db, why) ||
	    !db_leave(db,
		      db_run(db,
			     "INSERT INTO witness_heads (target, at, size, ok, reason) "
			     "VALUES ($1, $2, $3, $4, $5)",
			     DB_VALS(V_Z(path), V_TIME(now), V_INT(h.size), V_INT(ok),
				     V_Z(ok ? NULL : inner.text)),
			     why) &&
			      forget(db, path, now, why),
		      why))
		return false;
	if (!ok && why != NULL)
		*why = inner;
	return ok;
}

bool witness_heard(struct db *db, const char *target, int64_t size, struct err *why)
{
	int64_t now = time_now();

	return db_run(db,
		      "INSERT INTO witness_heads (target, at, size, ok) SELECT $1, $2, $3, 1 "
		      "WHERE NOT EXISTS (SELECT 1 FROM witness_heads WHERE target = $1 AND at > $4 "
		      "AND at <= $2)",
		      DB_VALS(V_Z(target), V_TIME(now), V_INT(size), V_TIME(now - TIME_MINUTE)),
		      why) &&
	       forget(db, target, now, why);
}

bool witness_last(struct db *db, int64_t *at, struct err *why)
{
	struct db_rows *r = db_query(db, "SELECT max(at) FROM witness_heads WHERE ok = 1", NULL, 0,
				     why);
	int64_t last = db_next(r) ? db_time(r, 0) : TIME_NONE;

	if (!db_end(r, why))
		return false;
	*at = last;
	return true;
}
