/* SPDX-License-Identifier: Apache-2.0 */
/* file_facts_fuzz.c - a path, a zero, the first bytes: what is told are the parts of that path. */
#include "sweep/file_facts.h"

#include "base/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[1 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct str all = { (const char *)data, size < 1 << 16 ? size : 1 << 16 };
	size_t zero = str_find_char(all, '\0');
	struct str path = str_sub(all, 0, zero), head = str_skip(all, zero + 1);
	struct file_facts f;

	assert(file_facts_of(&a, path, head, 1, NULL, &f));
	struct str name = str_of(f.filename), folder = str_of(f.filepath);

	assert(str_ends(path, name) && str_starts(path, folder));
	assert(str_find_char(name, '/') == name.n);
	assert(name.n + folder.n <= path.n && path.n <= name.n + folder.n + 1);
	assert(str_ends_nocase(name, str_of(f.extension)));
	assert(strlen(f.filetype) < 16 && strcmp(f.owner, "1") == 0);
	return 0;
}
