/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_load.h - log sources and rules of folders, for the tests of this room; nothing else includes it.
 */
#ifndef DETECT_TEST_LOAD_H
#define DETECT_TEST_LOAD_H

#include "base/file.h"
#include "base/test.h"
#include "detect/rule_set.h"

#include <fcntl.h>

struct load {
	struct rule_set *rs;
	struct arena scratch;
	size_t root, files;
};

UNUSED static bool load_source(void *ctx, const char *path, const char *name)
{
	struct load *l = ctx;
	struct arena a = l->scratch;
	struct str text;
	struct err why = { 0 };

	if (!CHECK(name, file_load(&a, AT_FDCWD, path, 1 << 20, &text, &why) &&
				 rule_set_sources(l->rs, text, &why)))
		printf("  line %zu: %s\n", why.at, why.text);
	return true;
}

UNUSED static bool load_rule(void *ctx, const char *path, const char *name)
{
	struct load *l = ctx;
	struct arena a = l->scratch;
	struct str text;

	if (!str_ends(str_of(name), STR(".yml")))
		return true;
	l->files++;
	if (CHECK(name, file_load(&a, AT_FDCWD, path, 8 << 20, &text, NULL)))
		rule_set_add(l->rs, str_of(path + l->root), text);
	return true;
}

#endif
