/* SPDX-License-Identifier: Apache-2.0 */
#include "sweep/file_facts.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>

enum { OWNERS_MAX = 1 << 16, NAME_ROOM = 64, EXTENSION_MAX = 32 };

struct owner {
	uid_t uid;
	char name[NAME_ROOM];
};
struct owners {
	struct owner *one; /* owned */
	size_t n, cap;
};

static bool owner_add(struct owners *o, uid_t uid, const char *name)
{
	if (o->n == o->cap) {
		size_t cap = o->cap == 0 ? 64 : 2 * o->cap;
		struct owner *more = realloc(o->one, cap * sizeof *more);

		if (more == NULL)
			return false;
		o->one = more;
		o->cap = cap;
	}
	o->one[o->n].uid = uid;
	snprintf(o->one[o->n].name, NAME_ROOM, "%s", name);
	o->n++;
	return true;
}

struct owners *owners_load(const char *passwd)
{
	struct owners *o = calloc(1, sizeof *o);
	FILE *in = fopen(passwd, "re");
	char room[4096];
	struct passwd pw, *got = NULL;

	while (o != NULL && in != NULL && o->n < OWNERS_MAX &&
	       fgetpwent_r(in, &pw, room, sizeof room, &got) == 0)
		if (!owner_add(o, pw.pw_uid, pw.pw_name))
			break;
	if (in != NULL)
		fclose(in);
	return o;
}

void owners_free(struct owners *o)
{
	if (o == NULL)
		return;
	free(o->one);
	free(o);
}

const char *owners_find(const struct owners *o, uid_t uid)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->one[i].uid == uid)
			return o->one[i].name;
	return NULL;
}

/* clang-format off */
static const struct {
	size_t at;
	struct str magic;
	const char *type;
} types[] = {
	{ 0, STR("MZ"), "EXE" },
	{ 0, STR("\x7f" "ELF"), "ELF" },
	{ 0, STR("\xcf\xfa\xed\xfe"), "MACH-O" },
	{ 0, STR("\xce\xfa\xed\xfe"), "MACH-O" },
	{ 0, STR("\xfe\xed\xfa\xcf"), "MACH-O" },
	{ 0, STR("\xfe\xed\xfa\xce"), "MACH-O" },
	{ 0, STR("PK\x03\x04"), "ZIP" },
	{ 0, STR("Rar!\x1a\x07"), "RAR" },
	{ 0, STR("7z\xbc\xaf\x27\x1c"), "7ZIP" },
	{ 0, STR("\x1f\x8b"), "GZIP" },
	{ 0, STR("BZh"), "BZIP2" },
	{ 0, STR("\xfd" "7zXZ"), "XZ" },
	{ 0, STR("\x28\xb5\x2f\xfd"), "ZSTD" },
	{ 0, STR("MSCF"), "CAB" },
	{ 257, STR("ustar"), "TAR" },
	{ 0, STR("%PDF-"), "PDF" },
	{ 0, STR("{\\rtf"), "RTF" },
	{ 0, STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "OLE" },
	{ 0, STR("GIF8"), "GIF" },
	{ 0, STR("\x89PNG\r\n\x1a\n"), "PNG" },
	{ 0, STR("\xff\xd8\xff"), "JPG" },
	{ 0, STR("BM"), "BMP" },
	{ 0, STR("MDMP"), "MDMP" },
	{ 0, STR("ElfFile"), "EVTX" },
	{ 0, STR("regf"), "REGISTRY" },
	{ 0, STR("L\0\0\0\x01\x14\x02\0"), "LNK" },
	{ 0, STR("<?php"), "PHP" },
	{ 0, STR("SQLite format 3"), "SQLITE" },
	{ 0, STR("\xca\xfe\xba\xbe"), "CLASS" },
	{ 0, STR("!<arch>\n"), "AR" },
	{ 0, STR("#!"), "SCRIPT" },
};
/* clang-format on */

const char *file_type(struct str head)
{
	head = str_sub(head, 0, FILE_TYPE_HEAD);
	for (size_t i = 0; i < COUNT(types); i++)
		if (str_starts(str_skip(head, types[i].at), types[i].magic))
			return types[i].type;
	return "";
}

/* From the last dot on, in lower case; none for ".profile", "a." and what is too long to be one. */
static struct str extension_of(struct arena *a, struct str name)
{
	size_t dot = name.n;
	char low[EXTENSION_MAX];

	while (dot > 0 && name.p[dot - 1] != '.')
		dot--;
	if (dot < 2 || dot == name.n || name.n - dot + 1 > sizeof low)
		return arena_str(a, STR(""));
	struct str ext = str_skip(name, dot - 1);

	for (size_t i = 0; i < ext.n; i++)
		low[i] = ascii_lower(ext.p[i]);
	return arena_str(a, (struct str){ low, ext.n });
}

bool file_facts_of(struct arena *a, struct str path, struct str head, uid_t uid,
		   const struct owners *owners, struct file_facts *out)
{
	size_t slash = path.n;
	const char *owner = owners == NULL ? NULL : owners_find(owners, uid);

	while (slash > 0 && path.p[slash - 1] != '/')
		slash--;
	struct str name = arena_str(a, str_skip(path, slash));
	struct str folder = arena_str(a, str_sub(path, 0, slash > 1 ? slash - 1 : slash));
	struct str ext = extension_of(a, str_skip(path, slash));

	if (owner == NULL)
		owner = arena_printf(a, "%u", (unsigned)uid).p;
	if (name.p == NULL || folder.p == NULL || ext.p == NULL || owner == NULL)
		return false;
	*out = (struct file_facts){ name.p, folder.p, ext.p, file_type(head), owner };
	return true;
}
