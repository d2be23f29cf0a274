/* SPDX-License-Identifier: Apache-2.0 */
/* kept_imports.c - invariant: a name that is opened or taken away is one that the folder listed. */
#include "proc/kept_imports.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/num.h"
#include "proc/kept_rules.h"
#include "state/ledger.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { IMPORTS_MAX = 4096, PATH_BYTES = 4096, FILE_NAME_MAX = 64, FIRST_LINE = 1100 };
#define FILE_ROOM (2 * (size_t)KEPT_RULES_MAX)

/* "0192....rules", "0192....yml": the id that a file is kept under. */
static bool id_of(const char *file, char id[UUID_MAX])
{
	struct str s = str_of(file);

	struct str end = str_skip(s, UUID_LEN);

	if (!uuid_valid(str_sub(s, 0, UUID_LEN)) ||
	    (!str_eq(end, STR(".rules")) && !str_eq(end, STR(".yml")) &&
	     !str_eq(end, STR(".yaml"))))
		return false;
	memcpy(id, file, UUID_LEN);
	id[UUID_LEN] = '\0';
	return true;
}

/* Version 7 begins with milliseconds. */
static int64_t time_of(const char *id)
{
	char digits[12];
	uint64_t ms = 0;

	memcpy(digits, id, 8);
	memcpy(digits + 8, id + 9, 4);
	return num_parse_hex((struct str){ digits, sizeof digits }, UINT64_C(0xFFFFFFFFFFFF), &ms)
		       ? (int64_t)ms * 1000
		       : 0;
}

/* The name in the first line, and the size. */
static void look_into(struct arena *a, int folder, const char *file, struct kept_import *out)
{
	char head[FIRST_LINE];
	int fd = openat(folder, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = fd == -1 ? -1 : read(fd, head, sizeof head);
	struct str rest = { head, n > 0 ? (size_t)n : 0 }, line, magic;
	struct stat st;

	out->name = arena_str(a, str_of(file));
	out->bytes = fd != -1 && fstat(fd, &st) == 0 ? st.st_size : 0;
	if (str_ends(str_of(file), STR(".rules")) && str_line(&rest, &line) &&
	    str_split(&line, '\t', &magic))
		out->name = arena_str(a, line);
	if (fd != -1)
		close(fd);
}

static int newest_first(const void *x, const void *y)
{
	return strcmp(((const struct kept_import *)y)->id, ((const struct kept_import *)x)->id);
}

static bool read_all(struct arena *a, DIR *d, struct kept_import *all, size_t *n, struct err *why)
{
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		if (!id_of(e->d_name, all[*n].id))
			continue;
		if (*n == IMPORTS_MAX - 1)
			return err_set(why, ERR_LIMIT, 0, "more than %d imports of rules",
				       IMPORTS_MAX - 1);
		all[*n].imported = time_of(all[*n].id);
		look_into(a, dirfd(d), e->d_name, &all[*n]);
		if (all[(*n)++].name.p == NULL)
			return err_set(why, ERR_LIMIT, 0, "no memory");
	}
	return true;
}

bool kept_imports_all(struct arena *a, const char *data, struct kept_import **out, size_t *n,
		      struct err *why)
{
	struct kept_import *all = NEW(a, struct kept_import, IMPORTS_MAX);
	char path[PATH_BYTES];
	size_t count = 0;

	if (all == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	snprintf(path, sizeof path, "%s/rules", data);
	DIR *d = opendir(path);
	if (d == NULL && errno != ENOENT)
		return err_set(why, ERR_IO, 0, "cannot open '%s': %s", path, strerror(errno));
	bool ok = d == NULL || read_all(a, d, all, &count, why);
	if (d != NULL)
		closedir(d);
	if (!ok)
		return false;
	qsort(all, count, sizeof *all, newest_first);
	*out = all;
	*n = count;
	return true;
}

/* --- the same rules --- */

static void add_text(void *ctx, struct str path, struct str rules)
{
	char len[32];

	(void)path;
	snprintf(len, sizeof len, "%zu\n", rules.n);
	hash_add(ctx, str_of(len));
	hash_add(ctx, rules);
}

/* False when it is damaged. */
static bool digest(struct str text, unsigned char out[HASH_SHA256_LEN])
{
	struct hash h;

	hash_begin(&h, HASH_SHA256);
	bool ok = kept_rules_read(text, NULL, add_text, &h, NULL);
	hash_end(&h, out);
	return ok;
}

static bool same_texts(const char *data, const struct kept_import *i, struct arena a,
		       const unsigned char want[HASH_SHA256_LEN])
{
	unsigned char has[HASH_SHA256_LEN];
	char path[PATH_BYTES];
	struct str text;

	snprintf(path, sizeof path, "%s/rules/%s.rules", data, i->id);
	return file_load(&a, AT_FDCWD, path, FILE_ROOM, &text, NULL) && digest(text, has) &&
	       memcmp(has, want, sizeof has) == 0;
}

bool kept_imports_same(struct arena *a, const char *data, struct str text, struct kept_import *out,
		       bool *found, struct err *why)
{
	unsigned char want[HASH_SHA256_LEN];
	struct kept_import *all;
	struct arena room;
	size_t n = 0;

	*found = false;
	if (!kept_imports_all(a, data, &all, &n, why))
		return false;
	if (!digest(text, want))
		return err_set(why, ERR_INPUT, 0, "kept rules are damaged");
	if (!arena_reserve(&room, FILE_ROOM + 4096))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (size_t i = 0; i < n && !*found; i++)
		if (same_texts(data, &all[i], room, want)) {
			*out = all[i];
			*found = true;
		}
	arena_release(room);
	return true;
}

/* --- taking one away --- */

/* The file is moved aside inside the transaction: an entry says that it is gone when it is. */
static bool tell_and_move(struct db *db, const struct kept_import *i, const char *from,
			  const char *to, const char *actor, struct err *why)
{
	struct ledger_note note = { actor, "rules.removed", i->name, TIME_NONE };

	if (!db_begin(db, why))
		return false;
	bool ok = ledger_append(db, &note, LEDGER_FIELDS(F_Z("id", i->id)), NULL, why);
	if (ok && rename(from, to) == -1)
		ok = err_set(why, ERR_IO, 0, "'%s' could not be taken away: %s", from,
			     strerror(errno));
	bool moved = ok;
	ok = db_leave(db, ok, why);
	if (!ok && moved && rename(to, from) == -1)
		log_error("'%s' could not be put back: %s", from, strerror(errno));
	return ok;
}

/* The file that is kept under the id; its name to file. */
static bool find_file(const char *folder, struct str id, char file[FILE_NAME_MAX])
{
	DIR *d = opendir(folder);
	char is[UUID_MAX];
	bool found = false;

	if (d == NULL)
		return false;
	for (struct dirent *e; !found && (e = readdir(d)) != NULL;)
		if (id_of(e->d_name, is) && str_eq(id, str_of(is))) {
			memcpy(file, e->d_name, strlen(e->d_name) + 1); /* id_of(): short */
			found = true;
		}
	closedir(d);
	return found;
}

bool kept_imports_remove(struct db *db, pthread_mutex_t *lock, const char *data, struct str id,
			 const char *actor, struct err *why)
{
	char folder[PATH_BYTES], from[PATH_BYTES + FILE_NAME_MAX + 2];
	char to[PATH_BYTES + FILE_NAME_MAX + 8], file[FILE_NAME_MAX];
	unsigned char mem[FIRST_LINE * 2];
	struct arena a = { mem, mem + sizeof mem };
	struct kept_import i = { .bytes = 0 };

	snprintf(folder, sizeof folder, "%s/rules", data);
	if (!find_file(folder, id, file) || !id_of(file, i.id))
		return err_set(why, ERR_ABSENT, 0, "there is no such import of rules");
	snprintf(from, sizeof from, "%s/%s", folder, file);
	snprintf(to, sizeof to, "%s/%s.gone", folder, file);
	int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir == -1)
		return err_set(why, ERR_IO, 0, "cannot open '%s': %s", folder, strerror(errno));
	look_into(&a, dir, file, &i);
	close(dir);
	pthread_mutex_lock(lock);
	bool ok = tell_and_move(db, &i, from, to, actor, why);
	pthread_mutex_unlock(lock);
	if (ok && unlink(to) == -1)
		log_error("'%s' could not be taken away: %s", to, strerror(errno));
	return ok;
}
