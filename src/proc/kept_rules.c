/* SPDX-License-Identifier: Apache-2.0 */
/* kept_rules.c - invariant: a path or name that was written holds no control character. */
#include "proc/kept_rules.h"

#include "base/file.h"
#include "base/log.h"
#include "base/num.h"
#include "base/uuid.h"
#include "state/ledger.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { NAME_BYTES = 1024, PATH_BYTES = 4096 };

static const struct str magic = STR("canh-rules 1\t");

bool kept_rules_wanted(struct str path, struct str text)
{
	static const struct str keys[] = { STR("detection:"), STR("correlation:"), STR("filter:"),
					   STR("values:") };
	struct str line;

	if (!str_ends_nocase(path, STR(".yml")) && !str_ends_nocase(path, STR(".yaml")))
		return false;
	while (str_line(&text, &line))
		for (size_t i = 0; i < COUNT(keys); i++)
			if (str_starts(line, keys[i]))
				return true;
	return false;
}

static void put_name(struct buf *out, struct str name)
{
	size_t from = out->n;

	buf_add(out, str_sub(name, 0, NAME_BYTES));
	for (size_t i = from; i < out->n; i++)
		if ((unsigned char)out->p[i] < 0x20 || out->p[i] == 0x7f)
			out->p[i] = ' ';
}

void kept_rules_begin(struct buf *out, struct str name)
{
	buf_add(out, magic);
	put_name(out, name);
	buf_char(out, '\n');
}

void kept_rules_put(struct buf *out, struct str path, struct str text)
{
	put_name(out, path);
	buf_printf(out, "\t%zu\n", text.n);
	buf_add(out, text);
	buf_char(out, '\n');
}

bool kept_rules_read(struct str text, struct str *name,
		     void (*fn)(void *ctx, struct str path, struct str rules), void *ctx,
		     struct err *why)
{
	struct str rest = text, line, path;
	uint64_t n;

	if (!str_starts(text, magic) || !str_line(&rest, &line))
		return err_set(why, ERR_INPUT, 0, "kept rules are damaged");
	if (name != NULL)
		*name = str_skip(line, magic.n);
	while (rest.n > 0) {
		size_t at = (size_t)(rest.p - text.p);

		if (!str_line(&rest, &line) || !str_split(&line, '\t', &path) ||
		    !num_parse(line, 0, KEPT_RULES_MAX, &n) || n >= rest.n || rest.p[n] != '\n')
			return err_set(why, ERR_INPUT, at, "kept rules are damaged");
		fn(ctx, path, str_sub(rest, 0, (size_t)n));
		rest = str_skip(rest, (size_t)n + 1);
	}
	return true;
}

/* --- the folder --- */

/* Does a file that was kept before have this name? Its first line tells. */
static bool has_name(int folder, const char *file, struct str name)
{
	char head[NAME_BYTES + 32];
	int fd = openat(folder, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = fd == -1 ? -1 : read(fd, head, sizeof head);
	struct str rest = { head, n > 0 ? (size_t)n : 0 }, line;
	struct buf wanted = BUF(sizeof head);

	if (fd != -1)
		close(fd);
	kept_rules_begin(&wanted, name);
	bool same = str_line(&rest, &line) && line.n + 1 == wanted.n &&
		    memcmp(line.p, wanted.p, line.n) == 0;
	buf_free(&wanted);
	return same;
}

static void drop_former(const char *path, const char *kept, struct str name)
{
	DIR *d = opendir(path);

	if (d == NULL)
		return;
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		if (str_ends(str_of(e->d_name), STR(".rules")) && strcmp(e->d_name, kept) != 0 &&
		    has_name(dirfd(d), e->d_name, name) && unlinkat(dirfd(d), e->d_name, 0) == -1)
			log_error("'%s/%s' could not be taken away: %s", path, e->d_name,
				  strerror(errno));
	closedir(d);
}

static bool tell_ledger(struct db *db, const struct kept_rules *k, const char *id, struct err *why)
{
	struct ledger_note note = { k->actor, "rules.imported", k->name, TIME_NONE };

	return db_begin(db, why) &&
	       db_leave(db,
			ledger_append(db, &note,
				      LEDGER_FIELDS(F_Z("id", id), F_TEXT("sha256", k->sha256),
						    F_INT("bytes", k->bytes),
						    F_INT("loaded", k->loaded),
						    F_INT("refused", k->refused)),
				      NULL, why),
			why);
}

bool kept_rules_save(struct db *db, pthread_mutex_t *lock, const struct kept_rules *k,
		     struct err *why)
{
	char id[UUID_MAX], folder[PATH_BYTES], file[UUID_MAX + 8], path[PATH_BYTES + 64];

	uuid_new(id);
	snprintf(folder, sizeof folder, "%s/rules", k->data);
	snprintf(file, sizeof file, "%s.rules", id);
	snprintf(path, sizeof path, "%s/%s", folder, file);
	if (!dir_make(folder, 0700, why) || !file_save(AT_FDCWD, path, k->text, 0600, why))
		return false;
	if (lock != NULL)
		pthread_mutex_lock(lock);
	bool ok = tell_ledger(db, k, id, why);
	if (lock != NULL)
		pthread_mutex_unlock(lock);
	/* without an entry it would be loaded for ever, and nobody would know whence it came */
	if (!ok && unlink(path) == -1)
		log_error("'%s' could not be taken away: %s", path, strerror(errno));
	else if (ok)
		drop_former(folder, file, k->name);
	return ok;
}
