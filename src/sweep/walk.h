/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk.h - every plain file below a path, opened to be read, and everything else by name and reason.
 *
 * The tree is hostile: it changes while it is walked, names are any bytes, links lead anywhere. No link
 * is followed but the path that was given itself; a pipe, socket or device is never opened; a folder is
 * entered by its descriptor, so nobody can lead the walk elsewhere, and never inside itself. File
 * systems that the kernel makes up (/proc, /sys) are not entered; others are, and counted.
 * A folder's files come by inode, then its folders by inode: as the disk has them.
 */
#ifndef SWEEP_WALK_H
#define SWEEP_WALK_H

#include "base/err.h"

#include <sys/stat.h>

/* Why something was not looked at. */
enum walk_skip {
	WALK_LINK,
	WALK_PIPE,
	WALK_SOCKET,
	WALK_DEVICE,
	WALK_PSEUDO,   /* a file system that the kernel makes up */
	WALK_CYCLE,    /* a folder mounted inside itself */
	WALK_DEEP,     /* more than WALK_MAX_DEPTH folders deep */
	WALK_VANISHED, /* it was listed, then it was gone */
	WALK_SKIP_N,
};
enum { WALK_MAX_DEPTH = 256 };
/* "link", "pipe", ...; never NULL. */
const char *walk_skip_name(enum walk_skip s);
/* Is this a thing that no file can hide in? Deep and vanished are not. */
bool walk_skip_harmless(enum walk_skip s);

/* `path` lives until the callback returns. False from `file` ends the walk. */
struct walk_with {
	/* Takes `fd`, which is open for reading and a plain file. */
	bool (*file)(void *ctx, struct str path, int fd, const struct stat *st);
	void (*skip)(void *ctx, struct str path, enum walk_skip why);
	/* A file or folder that cannot be opened or listed. */
	void (*fail)(void *ctx, struct str path, const struct err *why);
	void *ctx;
};

enum { WALK_MAX_SYSTEMS = 64 };
struct walk_counts {
	uint64_t folders;
	dev_t file_system[WALK_MAX_SYSTEMS];
	size_t file_systems; /* different ones, at most so many */
};

/* False when the callback ended it. Counts are added to *n. */
bool walk_tree(const char *path, const struct walk_with *w, struct walk_counts *n);

#endif
