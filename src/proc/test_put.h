/* SPDX-License-Identifier: Apache-2.0 */
/* test_put.h - files of a test's folder, their folders made. */
#ifndef PROC_TEST_PUT_H
#define PROC_TEST_PUT_H

#include "base/file.h"
#include "base/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

static inline void test_put(const char *folder, const char *name, const char *text)
{
	char path[256], above[256];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	snprintf(above, sizeof above, "%s", path);
	*strrchr(above, '/') = '\0';
	if (!CHECK(name, dir_make(above, 0700, NULL) &&
				 file_save(AT_FDCWD, path, str_of(text), 0600, NULL)))
		exit(1);
}

#endif
