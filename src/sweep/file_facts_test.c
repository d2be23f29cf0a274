/* SPDX-License-Identifier: Apache-2.0 */
#include "sweep/file_facts.h"

#include "sweep/test_tree.h"

static const struct {
	const char *path;
	struct str head;
	uid_t uid;
	struct file_facts want;
} cases[] = {
	{ "/srv/x/a.EXE", STR("MZ\x90\0"), 5, { "a.EXE", "/srv/x", ".exe", "EXE", "games" } },
	{ "/a",
	  STR("\x7f"
	      "ELF"),
	  6,
	  { "a", "/", "", "ELF", "6" } },
	{ "a.tar.gz", STR("\x1f\x8b\x08"), 5, { "a.tar.gz", "", ".gz", "GZIP", "games" } },
	{ "/h/.profile", STR("#!/bin/sh"), 5, { ".profile", "/h", "", "SCRIPT", "games" } },
	{ "/h/a.", STR(""), 5, { "a.", "/h", "", "", "games" } },
	{ "/h/a.b/c", STR("M"), 5, { "c", "/h/a.b", "", "", "games" } },
	{ "/h/x.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  STR("<?php echo"),
	  5,
	  { "x.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "/h", "", "PHP", "games" } },
	{ "/h/n\nl\xff.Js", STR("MDMP"), 5, { "n\nl\xff.Js", "/h", ".js", "MDMP", "games" } },
};

static bool same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

int main(void)
{
	static unsigned char mem[1 << 16];
	char tar[512] = { 0 };

	memcpy(tar + 257, "ustar", 5);
	if (!CHECK("made", tree_make() && tree_put("passwd", STR("root:x:0:0::/root:/bin/sh\n"
								 "# nothing\nbroken\n"
								 "games:x:5:60:g:/usr:/bin/sh\n"))))
		return TEST_REPORT();
	struct owners *o = owners_load(tree_path("passwd"));
	struct owners *none = owners_load(tree_path("absent"));

	CHECK("owners", o != NULL && same(owners_find(o, 0), "root") && owners_find(o, 1) == NULL);
	CHECK("no owners", none != NULL && owners_find(none, 0) == NULL);
	CHECK("deep in the head", same(file_type((struct str){ tar, sizeof tar }), "TAR"));
	CHECK("cut head", same(file_type((struct str){ tar, 260 }), ""));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct file_facts f = { 0 };

		if (!CHECK(cases[i].path, file_facts_of(&a, str_of(cases[i].path), cases[i].head,
							cases[i].uid, o, &f)))
			continue;
		CHECK(cases[i].path, same(f.filename, cases[i].want.filename));
		CHECK(cases[i].path, same(f.filepath, cases[i].want.filepath));
		CHECK(cases[i].path, same(f.extension, cases[i].want.extension));
		CHECK(cases[i].path, same(f.filetype, cases[i].want.filetype));
		CHECK(cases[i].path, same(f.owner, cases[i].want.owner));
	}
	struct arena full = { mem, mem + 8 };
	struct file_facts f;

	CHECK("no room", !file_facts_of(&full, STR("/srv/x/name"), STR(""), 5, o, &f));
	owners_free(o);
	owners_free(none);
	CHECK("taken away", test_remove(test_dir));
	return TEST_REPORT();
}
