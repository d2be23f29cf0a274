/* SPDX-License-Identifier: Apache-2.0 */
/* msg.c - a sorted table of translations, set once before threads start. */
#include "base/msg.h"

#include <stdlib.h>

static const struct msg_entry *catalogue;
static size_t catalogue_n;
static enum lang own_lang = LANG_VI;

void msg_catalogue(const struct msg_entry *entries, size_t n)
{
	catalogue = entries;
	catalogue_n = n;
}

void msg_lang_set(enum lang lang)
{
	own_lang = lang;
}

enum lang msg_lang(void)
{
	return own_lang;
}

enum lang lang_parse(const char *name)
{
	return str_starts_nocase(str_of(name), STR("vi")) ? LANG_VI : LANG_EN;
}

static int by_id(const void *key, const void *entry)
{
	return strcmp(key, ((const struct msg_entry *)entry)->id);
}

const char *msg_in(enum lang lang, const char *id)
{
	const struct msg_entry *e;

	if (lang == LANG_EN || catalogue_n == 0)
		return id;
	e = bsearch(id, catalogue, catalogue_n, sizeof *e, by_id);
	return e == NULL ? id : e->vi;
}

static int by_text(const void *key, const void *entry)
{
	return str_cmp(*(const struct str *)key, str_of(((const struct msg_entry *)entry)->id));
}

const char *msg_known(struct str id)
{
	const struct msg_entry *e =
		catalogue_n == 0 ? NULL : bsearch(&id, catalogue, catalogue_n, sizeof *e, by_text);

	return e == NULL ? NULL : e->id;
}

const char *msg(const char *id)
{
	return msg_in(own_lang, id);
}
