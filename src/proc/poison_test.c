/* SPDX-License-Identifier: Apache-2.0 */
/* poison_test.c - a watch that ends while it reads: what is set aside, and what the next one skips. */
#include "proc/poison.h"

#include "base/file.h"
#include "base/test.h"
#include "proc/parent_int.h"

#include <dirent.h>
#include <unistd.h>

static char aside[64];

static int kept(void)
{
	DIR *d = opendir(aside);
	int n = 0;

	if (d == NULL)
		return -1;
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

int main(void)
{
	char data[] = "/tmp/canh-poison-XXXXXX";
	struct config c = { 0 };
	struct parent p = { .config = &c };
	struct str bad = STR("<1>bad"), good = STR("<1>good");

	if (mkdtemp(data) == NULL)
		return 1;
	c.data = str_of(data);
	snprintf(aside, sizeof aside, "%s/aside", data);
	if (!CHECK("folder", dir_make(aside, 0700, NULL)) || !CHECK("page", poison_open(&p, NULL)))
		return 1;
	/* what a watch sees of it */
	struct poison_page *page = poison_map(p.poison, NULL);
	if (!CHECK("mapped", page != NULL))
		return 1;
	poison_note(&p, true);
	CHECK("nothing was read", kept() == 0);
	poison_enter(page, STR("192.0.2.1"), good);
	poison_leave(page);
	poison_note(&p, true);
	CHECK("it had been read", kept() == 0);
	poison_enter(page, STR("192.0.2.1"), bad);
	poison_note(&p, false);
	CHECK("killed from outside", kept() == 0 && !poison_known(page, bad));
	poison_note(&p, true);
	CHECK("the next one had not read it", kept() == 0);
	poison_enter(page, STR("192.0.2.1\n\x1b[31m"), bad);
	poison_note(&p, true);
	CHECK("set aside", kept() == 1);
	CHECK("known", poison_known(page, bad) && !poison_known(page, good));
	/* a page that a broken watch has written all over */
	poison_enter(page, STR("x"), good);
	page->copied = UINT32_MAX;
	page->n_skips = UINT32_MAX;
	memset(page->source, 'x', sizeof page->source);
	poison_note(&p, true);
	CHECK("still whole", page->n_skips == 1 && kept() == 2);
	CHECK("removed", test_remove(data));
	return TEST_REPORT();
}
