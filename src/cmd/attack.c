/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/attack.h"

#include "base/file.h"
#include "cmd/folders.h"
#include "cmd/tell.h"

#include <fcntl.h>

enum { FILE_CAP = 1 << 20, ABOVE = 5 /* T1059 */ };

bool attack_id(struct str tag, char out[ATTACK_ID_MAX + 1])
{
	struct str s = str_skip(tag, 7);

	if (!str_starts_nocase(tag, STR("attack.t")) || (s.n != ABOVE && s.n != ATTACK_ID_MAX))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (i == ABOVE ? s.p[i] != '.' : !ascii_digit(s.p[i]))
			return false;
	memcpy(out, s.p, s.n);
	out[0] = 'T';
	out[s.n] = '\0';
	return true;
}

void attack_load(struct arena *a, struct techniques *out)
{
	struct str content = folder_content(a), text;
	struct str path = arena_printf(a, "%.*s/techniques.yaml", STR_ARG(content));
	struct err why = { 0 };

	*out = (struct techniques){ 0 };
	if (path.p == NULL)
		return;
	if (!file_load(a, AT_FDCWD, path.p, FILE_CAP, &text, &why) ||
	    !techniques_parse(a, text, out, &why))
		tell_fault(path.p, &why);
}

static const struct technique *find(const struct techniques *all, struct str id)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->items[i].id, id))
			return &all->items[i];
	return NULL;
}

struct str attack_name(const struct techniques *all, const char *id, enum lang lang)
{
	const struct technique *t = find(all, str_of(id));

	if (t == NULL)
		t = find(all, str_sub(str_of(id), 0, ABOVE));
	if (t == NULL)
		return STR("");
	return lang == LANG_VI ? t->name_vi : t->name_en;
}
