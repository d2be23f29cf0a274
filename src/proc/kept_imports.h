/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kept_imports.h - the imports of rules that are kept in rules/: which there are, whether one holds the
 * same rules already, and how one is taken away.
 */
#ifndef PROC_KEPT_IMPORTS_H
#define PROC_KEPT_IMPORTS_H

#include "base/arena.h"
#include "base/uuid.h"
#include "state/db.h"

#include <pthread.h>

struct kept_import {
	char id[UUID_MAX];
	struct str name;  /* as it was handed in; of the file where an earlier version kept none */
	int64_t imported; /* told by the id */
	int64_t bytes;
};

/* All of them, newest first, in `a`. */
MUST_USE bool kept_imports_all(struct arena *a, const char *data, struct kept_import **out,
			       size_t *n, struct err *why);
/* The one that holds the same rule texts as `text` (kept_rules.h), whatever they are called; *found says
 * whether there is one. Its name is in `a`. */
MUST_USE bool kept_imports_same(struct arena *a, const char *data, struct str text,
				struct kept_import *out, bool *found, struct err *why);
/* Tell the ledger and take it away; ERR_ABSENT when there is none. `lock` is held around the database. */
MUST_USE bool kept_imports_remove(struct db *db, pthread_mutex_t *lock, const char *data,
				  struct str id, const char *actor, struct err *why);

#endif
