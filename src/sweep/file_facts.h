/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file_facts.h - what YARA rules ask about a file beside its bytes, under the names that public rule
 * sets use: its name, its folder, its extension, what its first bytes say it is, who owns it.
 *
 * Name and bytes are hostile. Pure but for owners_load().
 */
#ifndef SWEEP_FILE_FACTS_H
#define SWEEP_FILE_FACTS_H

#include "base/arena.h"

#include <sys/types.h>

/* NUL-terminated; any may be empty, none NULL. */
struct file_facts {
	const char *filename;  /* "a.EXE" */
	const char *filepath;  /* the folder: "/srv/x", without the name */
	const char *extension; /* ".exe", in lower case */
	const char *filetype;  /* "EXE", "ELF", "PDF" ... by the first bytes */
	const char *owner;     /* the user's name, or the number where it has none */
};

struct owners;
/* The users of this machine, from the file `passwd`. An empty table when it cannot be read; NULL: no
 * memory. */
struct owners *owners_load(const char *passwd);
void owners_free(struct owners *o);
/* NULL when there is none of that number. */
const char *owners_find(const struct owners *o, uid_t uid);

/* "" for what is not known. At most the first FILE_TYPE_HEAD bytes count. */
enum { FILE_TYPE_HEAD = 512 };
const char *file_type(struct str head);
/* In `a`; false when it is full. `owners` may be NULL. */
MUST_USE bool file_facts_of(struct arena *a, struct str path, struct str head, uid_t uid,
			    const struct owners *owners, struct file_facts *out);

#endif
