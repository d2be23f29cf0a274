/* SPDX-License-Identifier: Apache-2.0 */
/* test_folder.h - a folder for one test of the store, and its end. For *_test.c only. */
#ifndef STORE_TEST_FOLDER_H
#define STORE_TEST_FOLDER_H

#include "base/str.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { TEST_FOLDER_MAX = 64 };

UNUSED static void test_folder_make(char out[TEST_FOLDER_MAX])
{
	snprintf(out, TEST_FOLDER_MAX, "/tmp/canh-store-XXXXXX");
	if (mkdtemp(out) == NULL)
		abort();
}

/* Plain files only. */
UNUSED static void test_folder_remove(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	if (dir == NULL)
		abort();
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
	if (rmdir(folder) == -1)
		abort();
}

#endif
