/* SPDX-License-Identifier: Apache-2.0 */
/* notes.c - names begin with the time, so that the byte order of names is that of the notes. */
#include "proc/notes.h"

#include "base/file.h"
#include "base/time.h"
#include "proc/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { PATH = 4096 };

static void path_of(struct str data, const char *name, char out[PATH])
{
	snprintf(out, PATH, "%.*s/run/notes%s%s", STR_ARG(data), name[0] == '\0' ? "" : "/", name);
}

static bool look(struct str data, struct folder *out, struct err *why)
{
	char path[PATH];

	path_of(data, "", path);
	return folder_look(path, ".json", out, why);
}

bool note_put(struct str data, struct str json, bool *gone, struct err *why)
{
	static unsigned last; /* of this process: two of one microsecond keep their order */
	char name[FOLDER_NAME], path[PATH];
	struct folder all;

	if (!look(data, &all, why))
		return false;
	*gone = all.n >= NOTES_MAX && note_remove(data, str_of(all.first), why);
	snprintf(name, sizeof name, "%020lld-%06u.json", (long long)time_now(), ++last % 1000000);
	path_of(data, name, path);
	return file_save(AT_FDCWD, path, json, 0600, why);
}

bool note_first(struct arena *a, struct str data, struct str *name, struct str *json,
		struct err *why)
{
	struct folder all;
	char path[PATH];

	if (!look(data, &all, why))
		return false;
	if (all.n == 0)
		return err_set(why, ERR_ABSENT, 0, "no note");
	path_of(data, all.first, path);
	struct str kept = arena_str(a, str_of(all.first));
	if (kept.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	if (!file_load(a, AT_FDCWD, path, NOTE_BYTES, json, why))
		return false;
	*name = kept;
	return true;
}

bool note_remove(struct str data, struct str name, struct err *why)
{
	char path[PATH], text[FOLDER_NAME];

	snprintf(text, sizeof text, "%.*s", STR_ARG(name));
	path_of(data, text, path);
	return unlink(path) == 0 || errno == ENOENT ||
	       err_set(why, ERR_IO, 0, "cannot remove '%s': %s", path, strerror(errno));
}
