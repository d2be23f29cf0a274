/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.h - whole files in and out, folders made and walked. Names are bytes; errors quote them.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/arena.h"
#include "base/err.h"

/* The bytes of the plain file `name` below `dirfd` (AT_FDCWD for the working folder), at most `cap`,
 * in `a`. Does not follow a link in the last part. */
MUST_USE bool file_load(struct arena *a, int dirfd, const char *name, size_t cap, struct str *out,
			struct err *why);
/* The same of what a person named (command line, configuration): links are followed, and a pipe or a
 * device is read to its end, waiting for it. */
MUST_USE bool file_load_given(struct arena *a, const char *path, size_t cap, struct str *out,
			      struct err *why);
/* Replace `name` by `bytes` with `mode`: written aside, synced, renamed, folder synced. */
MUST_USE bool file_save(int dirfd, const char *name, struct str bytes, unsigned mode,
			struct err *why);
/* Make `path` and what is missing above it; fine where it exists. */
MUST_USE bool dir_make(const char *path, unsigned mode, struct err *why);
/* All of `bytes` to `fd`, whatever the number of write calls. */
MUST_USE bool fd_write_all(int fd, struct str bytes, struct err *why);

/*
 * Call `fn(ctx, path, name)` for each plain file below `path` (or for `path` itself when it is no
 * folder, whatever it is: a pipe, too), folders in byte order, links not followed, at most 32 deep; stops when fn returns false
 * and returns false then. `name` is the last part of `path`. An unreadable folder is reported to
 * `bad(ctx, path, why)` and the walk goes on.
 */
struct walk {
	bool (*fn)(void *ctx, const char *path, const char *name);
	void (*bad)(void *ctx, const char *path, const struct err *why);
	void *ctx;
};
bool file_walk(const char *path, const struct walk *w);

#endif
