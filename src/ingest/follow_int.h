/* SPDX-License-Identifier: Apache-2.0 */
/* follow_int.h - which file comes after another that had its name; for follow*.c only. */
#ifndef INGEST_FOLLOW_INT_H
#define INGEST_FOLLOW_INT_H

#include <dirent.h>
#include <stdint.h>
#include <sys/stat.h>

struct next_file {
	int fd; /* -1: none */
	int64_t born;
	struct stat st;
};

/* The folder of the file, or NULL; *name is its own name. */
DIR *follow_folder(const char *file, const char **name);
/* When the file was made, ns; 0 where its file system does not tell. */
int64_t follow_born(int fd);
/*
 * Rotations may follow one another faster than files are looked at: the first file beside `path` that had
 * its name after `former` (open) and before `now`, open. It has a rotated name, was made in between, and is
 * no copy of the former; empty ones are passed over.
 */
struct next_file follow_between(const char *path, int former, const struct next_file *now);

#endif
