/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test.h - checks for *_test.c, nothing else includes it.
 *
 * CHECK(name, condition) counts one test; a failure names the case, the place and the condition.
 * main() ends in `return TEST_REPORT();`, which prints `N passed, N failed` and skipped cases.
 */
#ifndef BASE_TEST_H
#define BASE_TEST_H

#include "base/str.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned test_passed, test_failed, test_skipped;

UNUSED static bool test_check(const char *name, bool ok, const char *what, const char *file,
			      int line)
{
	if (ok) {
		__atomic_fetch_add(&test_passed, 1, __ATOMIC_RELAXED);
		return true;
	}
	__atomic_fetch_add(&test_failed, 1, __ATOMIC_RELAXED); /* a thread may check, too */
	printf("FAILED %s: %s (%s:%d)\n", name, what, file, line);
	return false;
}

#define CHECK(name, cond) test_check((name), (cond), #cond, __FILE__, __LINE__)

UNUSED static void test_skip(const char *name, const char *why)
{
	test_skipped++;
	printf("skipped %s: %s\n", name, why);
}

/* The folder of the corpus, or NULL: then the case is skipped by name. */
UNUSED static const char *test_corpus(void)
{
	const char *dir = getenv("CANH_CORPUS");

	return dir != NULL && dir[0] != '\0' ? dir : NULL;
}

static int test_remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st, (void)type, (void)where;
	return remove(path);
}

/* Take a folder of this test away, with all that is in it. */
UNUSED static bool test_remove(const char *dir)
{
	return nftw(dir, test_remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0;
}

UNUSED static int test_report(void)
{
	if (test_skipped > 0)
		printf("%u passed, %u failed, %u skipped\n", test_passed, test_failed,
		       test_skipped);
	else
		printf("%u passed, %u failed\n", test_passed, test_failed);
	return test_failed > 0 || test_passed == 0;
}

#define TEST_REPORT() test_report()

#endif
