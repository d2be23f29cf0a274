/* SPDX-License-Identifier: Apache-2.0 */
/* test_tree.h - a folder of a test, and what is put in it; for *_test.c of this room only. */
#ifndef SWEEP_TEST_TREE_H
#define SWEEP_TEST_TREE_H

#include "base/test.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static char test_dir[] = "/tmp/canh-sweep-XXXXXX";

UNUSED static bool tree_make(void)
{
	return mkdtemp(test_dir) != NULL;
}

/* Below the folder of the test; in one of four places, taken in turn. */
UNUSED static const char *tree_path(const char *name)
{
	static char room[4][PATH_MAX];
	static unsigned at;
	char *p = room[at++ % 4];

	snprintf(p, PATH_MAX, "%s/%s", test_dir, name);
	return p;
}

UNUSED static bool tree_put(const char *name, struct str bytes)
{
	int fd = open(tree_path(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool ok = fd != -1 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n;

	if (fd != -1)
		close(fd);
	return ok;
}

UNUSED static int tree_open(const char *name, struct stat *st)
{
	int fd = open(tree_path(name), O_RDONLY | O_CLOEXEC);

	if (fd != -1 && fstat(fd, st) == -1)
		*st = (struct stat){ 0 };
	return fd;
}

#endif
