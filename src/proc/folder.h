/* SPDX-License-Identifier: Apache-2.0 */
/* folder.h - a folder of small files whose names begin with a time: which is the oldest, how many. */
#ifndef PROC_FOLDER_H
#define PROC_FOLDER_H

#include "base/err.h"
#include "base/str.h"

enum { FOLDER_NAME = 64 };

struct folder {
	char first[FOLDER_NAME]; /* the least name in byte order; "" for none */
	size_t n;
	uint64_t bytes;
};
/* Of the files whose name ends in `suffix` and is shorter than FOLDER_NAME. */
MUST_USE bool folder_look(const char *path, const char *suffix, struct folder *out,
			  struct err *why);

#endif
