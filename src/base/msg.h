/* SPDX-License-Identifier: Apache-2.0 */
/*
 * msg.h - sentences for people, in Vietnamese or English.
 *
 * A message's id is its English printf format. Its translation stands in po/vi/ROOM.po and is built
 * into the program; the catalogue is handed over once at start. A message without a translation
 * comes out in English. Rendering is safe from any thread.
 */
#ifndef BASE_MSG_H
#define BASE_MSG_H

#include "base/str.h"

#include <stdarg.h>

/* Marks a message in a table, so that tools/check-messages sees it: msg(cmds[i].help). */
#define MSG_ID(text) text

enum lang { LANG_VI, LANG_EN };

struct msg_entry {
	const char *id, *vi; /* both printf formats with the same conversions in the same order */
};

/* `entries` (sorted by id, strcmp order) must live as long as the program. */
void msg_catalogue(const struct msg_entry *entries, size_t n);
/* The language of this process's own output; LANG_VI until set. */
void msg_lang_set(enum lang lang);
enum lang msg_lang(void);
/* "vi", "en", "vi_VN.UTF-8", "C" ... : LANG_EN for anything that does not begin with "vi". */
enum lang lang_parse(const char *name);

/* The catalogue's own copy of this id, which another process told; NULL where it has none. */
const char *msg_known(struct str id);
/* The format in `lang` for the message `id`, never NULL. */
const char *msg_in(enum lang lang, const char *id) __attribute__((format_arg(2)));
/* The same in the language of this process: printf(msg("read %zu lines\n"), n). */
const char *msg(const char *id) __attribute__((format_arg(1)));

#endif
